//! What a window that follows sees.

use super::made_up::{MS, US, batch, begun, crossing, journey};
use super::{
    made_up::{In, ORIGIN, Out},
    pacing::flood_of_pings,
};
use crate::model::story::{Batch, Keep, Kind, Story, playhead::Playhead};

/// A second of silence, a ping, and so on: when it comes, the one who waited sees it begin.
#[test]
fn a_frame_after_silence_is_not_missed() {
    for speed in [0.25, 1.0, 8.0] {
        let mut story = Story::default();
        let mut playhead = Playhead::default();
        playhead.speed = speed;
        for (ping, waited) in [5000, 1100, 300, 2000, 700].into_iter().enumerate() {
            // Real time goes on as wire time does, in steps of the screen.
            for _ in 0..waited / 10 {
                playhead.advance(0.01, story.length());
            }
            let last = story.moments().last().map_or(0, |moment| moment.t.0 - ORIGIN);
            let before = playhead.at();
            let anchor = story.pace().anchor(before);
            let number = ping as u64 + 1;
            story.take(batch([crossing(number, number, last + waited * MS, false)]));
            playhead.reanchor(story.pace().find(anchor));
            let begins = story.told()[ping].begins;
            assert!(playhead.at() <= begins, "ping {ping} begins at {begins}: {playhead:?}");
            assert!(1.0 < speed || playhead.at() == before, "ping {ping}: {playhead:?} was at {before}");
            while playhead.advance(0.01, story.told()[ping].ends) {}
        }
    }
}

#[test]
fn a_journey_grows_under_way() {
    let whole = crossing(1, 1, 0, false);
    let mut story = Story::default();
    story.take(batch([begun(&whole, 2)]));
    let (moving, _) = story.moving_at(story.told()[0].ends + 0.1, 10);
    assert_eq!(moving.len(), 1);
    assert_eq!(moving[0].to, None, "it is not known where it goes");
    let before = story.told()[0].ends;
    let changed = story.take(batch([whole.clone()]));
    assert_eq!((changed.begun, story.told().len()), (0, 1));
    assert!(story.sighting_story(0, 1) == Some(before), "what was shown stays");
    let (moving, _) = story.moving_at(before + 0.1, 10);
    assert_eq!(moving[0].to, Some(2));
    assert_eq!(story.take(batch([whole])).from_story, None, "nothing new");
}

#[test]
fn a_conversation_in_order() {
    let mut story = Story::default();
    story.take(batch([crossing(4, 1, 40 * US, true), crossing(2, 2, 20 * US, false)]));
    story.take(batch([crossing(1, 1, 0, false), crossing(3, 1, 30 * US, false)]));
    let ids: Vec<u64> =
        story.conversation(capture::ConversationId(1)).map(|told| story.told()[told].journey.id.0).collect();
    assert_eq!(ids, [1, 3, 4]);
    assert_eq!(story.newest_conversation(), Some(story.told()[1].begins));
}

#[test]
fn what_remains_stays_where_it_is() {
    let (mut whole, mut bounded) = (Story::default(), Story::keeping(Keep::Newest(8000)));
    for chunk in flood_of_pings().chunks(100) {
        whole.take(batch(chunk.iter().cloned()));
        bounded.take(batch(chunk.iter().cloned()));
    }
    let kept = bounded.moments().len();
    assert!((6000..=8000).contains(&kept) && bounded.not_shown() + kept as u64 == 40_004);
    let dropped = whole.told().len() - bounded.told().len();
    for (moment, expected) in bounded.moments().iter().zip(&whole.moments()[whole.moments().len() - kept..]) {
        assert_eq!(moment.story, expected.story);
        assert_eq!((moment.told as usize + dropped, moment.t), (expected.told as usize, expected.t));
    }
    assert_eq!(bounded.beginning(), bounded.told()[0].begins);
    assert_eq!(bounded.length(), whole.length());
    assert!(bounded.pace().gaps().is_empty() && whole.pace().gaps().len() == 1);
}

#[test]
fn a_recording_is_kept_from_its_beginning() {
    let mut story = Story::keeping(Keep::Oldest(10));
    story.take(batch((0..5).map(|n| crossing(n + 1, n + 1, n as i64 * MS, false))));
    assert_eq!((story.told().len(), story.not_shown()), (2, 12));
    story.clear();
    story.take(Batch { not_shown: 7, ..batch([]) });
    assert_eq!((story.told().len(), story.not_shown()), (0, 7));
}

#[test]
fn frames_have_their_colours() {
    let arp = journey(1, 1, &[(0, Out, 0, None), (1, In, US, Some(0))]);
    let bytes = arp.sightings[0].frame.bytes.clone();
    assert_eq!(Kind::of("ARP", &bytes), Kind::Arp);
    let ip = |protocol: u8, first: u8, fragment: u8| {
        let mut frame = vec![2; 12];
        frame.extend([8, 0, 0x45, 0, 0, 28, 0, 0, 0, fragment, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        frame.extend([first, 0, 0, 0, 0, 0, 0, 0]);
        frame
    };
    for (protocol, first, expected) in [
        (1, 8, Kind::EchoRequest),
        (1, 0, Kind::EchoReply),
        (1, 3, Kind::Nd),
        (6, 8, Kind::Tcp),
        (17, 8, Kind::Udp),
        (2, 8, Kind::Other),
    ] {
        assert_eq!(Kind::of("?", &ip(protocol, first, 0)), expected, "protocol {protocol}, type {first}");
    }
    assert_eq!(Kind::of("IPv4", &ip(1, 8, 9)), Kind::Nd, "a later piece has no type");
    assert_eq!((Kind::of("TCP", &[]), Kind::of("STP", &[])), (Kind::Tcp, Kind::Other));
}
