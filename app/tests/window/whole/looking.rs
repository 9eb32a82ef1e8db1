//! Looking closely: steps, scrubbing, the filter, one frame with its bytes.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Role};
use egui_kittest::kittest::Queryable;
use hopscope::window::theme;

use super::person::{Person, count, pings_seen};

/// A ping was seen and played to its end.
fn after_a_ping(test: &str) -> Person {
    let mut person = Person::at_two_rooms(test);
    person.press_button("Ping");
    person.until("the ping and its question were seen", |state| {
        pings_seen(state, 1) && count(state, "ARP") == 2
    });
    person
}

#[test]
fn the_same_hops_forth_and_back() {
    let mut person = after_a_ping("steps");
    person.key(Key::Home);
    let step = |person: &mut Person, key: Key| {
        let before = person.state().playhead.at();
        person.key(key);
        let after = person.state().playhead.at();
        (after != before).then_some(after)
    };
    let mut forth = Vec::new();
    while let Some(at) = step(&mut person, Key::Period) {
        assert!(forth.last().is_none_or(|last| *last < at), "{at} is not on from {forth:?}");
        assert!(!person.headline().is_empty(), "something is said of {at}");
        forth.push(at);
    }
    assert!(8 < forth.len(), "a ping and its question have many hops: {forth:?}");
    for wanted in forth.iter().rev().skip(1) {
        assert_eq!(step(&mut person, Key::Comma), Some(*wanted), "back over {forth:?}");
    }
    assert!(!person.state().playhead.playing, "stepping is for looking closely");
    person.leave();
}

#[test]
fn a_click_on_the_timeline_goes_there() {
    let mut person = after_a_ping("scrub");
    person.key(Key::End);
    person.until_played();
    let timeline = person.harness().get_by_role_and_label(Role::Slider, "Timeline").rect();
    let mut visited = Vec::new();
    for x in [0.4, 0.3, 0.5] {
        // Above the lanes no frame is in the way.
        let at = Pos2::new(timeline.left() + timeline.width() * x, timeline.top() + 4.0);
        person.let_a_second_pass();
        person.click_at(at, PointerButton::Primary, Modifiers::NONE);
        visited.push(person.state().playhead.at());
    }
    assert!(visited[1] < visited[0] && visited[0] < visited[2], "{visited:?}");
    assert!(!person.state().playhead.following);
    person.leave();
}

#[test]
fn the_filter_says_what_is_wrong_and_what_comes_next() {
    let mut person = after_a_ping("filter");
    person.key(Key::Slash);
    person.key(Key::Tab);
    assert_eq!(person.state().filter.text, "", "whoever only passes by chooses nothing");
    person.key(Key::Slash);
    person.type_over("ar");
    assert!(person.sees("arp"), "it is offered");
    person.key(Key::Tab);
    assert_eq!(person.state().filter.text.trim(), "arp");
    assert!(person.state().filter.filter.is_some());
    person.key(Key::Tab);
    person.key(Key::Tab);
    assert_eq!(person.state().filter.text.trim(), "arp", "what is whole is left");
    person.key(Key::Slash);
    person.type_over("arp and");
    let error = person.state().filter.error.clone().expect("something is missing");
    assert!(person.reads(&error.message), "{} is to be read", error.message);
    person.type_over("icmp");
    assert!(person.state().filter.error.is_none());
    let story = &person.state().story;
    let filter = person.state().filter.filter.clone().expect("it is sound");
    let fit = story.told().iter().filter(|told| filter.matches(&told.journey, story.taps())).count();
    assert_eq!(fit, count(person.state(), "ICMP"));
    person.key(Key::Escape);
    assert!(person.state().filter.filter.is_none(), "Escape shows everything");
    person.leave();
}

/// The height of a line in the list of frames, in points.
const LINE: f32 = 22.0;

/// Bridges say IGMP of their own accord, before or after the question.
fn line_of_first(person: &Person, protocol: &str) -> usize {
    let story = &person.state().story;
    let is_it = |moment: &hopscope::model::story::Moment| {
        story.told()[moment.told as usize].journey.protocol == protocol
    };
    story.moments().iter().position(is_it).expect("it was seen")
}

/// Pixels of the colour that lit bytes have.
fn lit(person: &mut Person, area: Rect) -> usize {
    let colour = theme::look(true, false).arp.to_array();
    let picture = person.harness().render().expect("a picture");
    let pixels = picture.enumerate_pixels().filter(|(x, y, pixel)| {
        area.contains(Pos2::new(*x as f32, *y as f32)) && pixel.0[..3] == colour[..3]
    });
    pixels.count()
}

#[test]
fn a_frame_is_chosen_and_a_field_lights_up_its_bytes() {
    let mut person = after_a_ping("lit");
    person.key(Key::Num3);
    let table = person.harness().get_by_role_and_label(Role::Table, "Frames").rect();
    let line = line_of_first(&person, "ARP") as f32;
    let at = table.left_top() + egui::vec2(200.0, (line + 0.5) * LINE);
    person.click_at(at, PointerButton::Primary, Modifiers::NONE);
    let chosen = person.state().chosen.expect("a frame is chosen");
    let journey = &person.state().story.find(chosen.journey).expect("it was seen").journey;
    assert_eq!(journey.protocol, "ARP");
    // Without the lower panels there is room for everything that is told of a frame.
    person.key(Key::F9);
    let bytes = person.harness().get_by_label("Bytes").rect();
    assert_eq!(lit(&mut person, bytes), 0);
    person.click("target address: 10.10.0.2");
    assert!(person.state().chosen.is_some_and(|chosen| chosen.field.is_some()));
    person.harness().event(Event::PointerGone);
    person.settle();
    person.keep_picture("lit");
    assert!(40 < lit(&mut person, bytes), "four bytes have a frame");
    person.leave();
}
