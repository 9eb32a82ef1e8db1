//! The order of commands and journeys, whenever each is known.

use std::sync::Arc;

use capture::{
    ConversationId, Direction, Doubts, Frame, Journey, JourneyId, Sighting, SightingId, TapId, WireNs,
};

use super::{Message, Telling};
use crate::print::{CommandLine, Form, NotRunLine, Printer};

/// Milliseconds of wire time.
fn at(ms: i64) -> WireNs {
    WireNs(ms * 1_000_000)
}

fn journey(id: u64, born_ms: i64) -> Journey {
    let frame = Frame {
        tap: TapId(0),
        t: at(born_ms),
        direction: Direction::Out,
        bytes: Arc::from([0; 14]),
        original_len: 14,
    };
    Journey {
        id: JourneyId(id),
        conversation: ConversationId(1),
        protocol: "ARP",
        summary: format!("born at {born_ms}"),
        sightings: vec![Sighting { id: SightingId(id), frame, parent: None, doubts: Doubts::default() }],
        branches: Vec::new(),
    }
}

fn command(text: &str) -> Message {
    Message::Command(CommandLine { text: text.into(), ..CommandLine::default() })
}

/// What was printed so far, a word each: `$a` a command, `2000` a journey by its birth.
fn told(telling: &Telling<Vec<u8>>) -> String {
    let text = String::from_utf8_lossy(telling.printer.written()).into_owned();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect();
    let word = |line: &serde_json::Value| match line["type"].as_str() {
        Some("command") => format!("${}", line["text"].as_str().unwrap_or_default()),
        Some("lab") => "lab".to_owned(),
        Some("not-run") => format!("-{}", line["text"].as_str().unwrap_or_default()),
        _ => line["summary"].as_str().unwrap_or_default().trim_start_matches("born at ").to_owned(),
    };
    lines.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn telling() -> Telling<Vec<u8>> {
    Telling::new(Printer::new(Vec::new(), Form::Json))
}

#[test]
fn journeys_stand_behind_the_command_after_whose_typing_they_began() {
    let mut telling = telling();
    let mut go_on = |messages: Vec<Message>, journeys: Vec<Journey>, now: i64| {
        messages.into_iter().for_each(|message| telling.say(message));
        telling.go_on(journeys, at(now)).expect("memory takes it");
        told(&telling)
    };
    assert_eq!(go_on(vec![Message::Types(at(0))], vec![], 2_000), "");
    assert_eq!(go_on(vec![], vec![journey(1, 100)], 2_100), "", "its command is not told yet");
    assert_eq!(go_on(vec![command("a"), Message::Types(at(2_200))], vec![], 2_300), "$a 100");
    assert_eq!(go_on(vec![command("b")], vec![], 2_400), "$a 100", "journeys of the first may still come");
    let journeys = vec![journey(3, 2_250), journey(2, 2_150)];
    assert_eq!(go_on(vec![], journeys, 3_500), "$a 100 2150");
    assert_eq!(go_on(vec![], vec![], 3_700), "$a 100 2150 $b 2250");
    assert_eq!(go_on(vec![], vec![journey(4, 2_900)], 3_800), "$a 100 2150 $b 2250 2900");
}

#[test]
fn at_the_end_all_is_told_in_order() {
    let mut telling = telling();
    for message in [Message::Types(at(0)), command("a"), Message::Types(at(10)), command("b")] {
        telling.say(message);
    }
    let not_run = NotRunLine { text: "c".into(), line: 3, reason: "it installs".into() };
    telling.say(Message::NotRun(not_run));
    telling.say(Message::Observed(at(30), Box::default()));
    telling.finish(vec![journey(3, 40), journey(2, 20), journey(1, 5)]).expect("memory takes it");
    assert_eq!(told(&telling), "$a 5 $b -c 20 lab 40");
}

#[test]
fn without_a_page_nothing_waits() {
    let mut telling = telling();
    telling.say(command("a"));
    telling.go_on(vec![journey(1, 5)], at(6)).expect("memory takes it");
    assert_eq!(told(&telling), "$a 5");
    assert!(!telling.waits());
}
