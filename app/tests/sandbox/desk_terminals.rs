//! Terminals through the desk: what the window wishes, and what it hears.

use std::{
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    time::{Duration, Instant},
};

use hopscope::{
    desk::{Desk, Surroundings},
    model::command::{Effect, News},
    terminal::{
        TerminalId, TerminalSaid, TerminalSize,
        marks::{Marks, Piece},
    },
};
use topology::ready;

use super::labs::name;

const LIMIT: Duration = Duration::from_secs(20);
const TERMINAL: TerminalId = TerminalId(3);

struct Office {
    desk: Desk,
    bell: Receiver<()>,
    marks: Marks,
    prompts: usize,
    text: String,
    octets: usize,
    ended: Option<i32>,
    failed: Option<String>,
}

impl Office {
    fn open() -> Self {
        let folder = std::env::temp_dir().join(format!("hopscope-desk-terminals-{}", std::process::id()));
        let surroundings = Surroundings {
            config: folder.join("config"),
            state: folder.join("state"),
            recordings: folder.join("recordings"),
            engine: Some(env!("CARGO_BIN_EXE_hopscope").into()),
        };
        let (ring, bell) = mpsc::channel();
        let desk = Desk::open_in(&surroundings, move || {
            // The last news come when nobody listens any more.
            let _nobody = ring.send(());
        });
        let marks = Marks::default();
        Self { desk, bell, marks, prompts: 0, text: String::new(), octets: 0, ended: None, failed: None }
    }

    fn until(&mut self, what: &str, mut is_so: impl FnMut(&Self, &[News]) -> bool) {
        let deadline = Instant::now() + LIMIT;
        loop {
            let news = self.desk.news(Duration::from_millis(4));
            news.iter().for_each(|news| self.hear(news));
            if is_so(self, &news) {
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            self.bell.recv_timeout(left).unwrap_or_else(|_| panic!("{what} did not come: {:?}", self.text));
        }
    }

    fn hear(&mut self, news: &News) {
        let News::Terminal { terminal: TERMINAL, said } = news else { return };
        match said {
            TerminalSaid::Output(bytes) => {
                self.octets += bytes.len();
                for piece in self.marks.take(bytes) {
                    match piece {
                        Piece::Text(text) if self.text.len() < 10_000 => {
                            self.text += &String::from_utf8_lossy(&text);
                        }
                        Piece::Text(_) | Piece::Begins => {}
                        Piece::Prompt { .. } => self.prompts += 1,
                    }
                }
            }
            TerminalSaid::Ended { status } => self.ended = Some(*status),
            TerminalSaid::Failed { why } => self.failed = Some(why.clone()),
            TerminalSaid::Opened { .. } | TerminalSaid::At(_) => {}
        }
    }

    fn type_in(&mut self, text: &str) {
        self.desk.carry_out(Effect::Type { terminal: TERMINAL, bytes: text.into() });
    }

    fn open_terminal(&mut self, namespace: &str) {
        let (namespace, size) = (name(namespace), TerminalSize::default());
        self.desk.carry_out(Effect::OpenTerminal { terminal: TERMINAL, namespace, size });
    }
}

#[test]
fn a_terminal_is_typed_into_and_ends_with_its_lab() {
    let mut office = Office::open();
    office.open_terminal("host");
    office.until("that no lab runs", |office, _| office.failed.is_some());
    let lab = ready::LABS.first().expect("a ready lab").lab();
    office.desk.carry_out(Effect::StartLab(Arc::new(lab)));
    office.until("the lab", |_, news| news.iter().any(|news| matches!(news, News::Started { .. })));
    office.open_terminal("host");
    office.until("a prompt", |office, _| office.prompts == 1);
    office.desk.carry_out(Effect::ResizeTerminal {
        terminal: TERMINAL,
        size: TerminalSize { columns: 61, rows: 17 },
    });
    office.type_in("stty size; echo $((40 + 2))\r");
    office.until("its output", |office, _| office.prompts == 2);
    assert!(office.text.contains("17 61\r\n42"), "{:?}", office.text);
    // More than may be on its way comes as long as it is taken, and Ctrl-C gets through.
    office.type_in("yes\r");
    office.until("two megabytes", |office, _| 2 << 20 < office.octets);
    office.type_in("\x03");
    office.until("a prompt", |office, _| office.prompts == 3);
    office.desk.carry_out(Effect::CloseTerminal(TERMINAL));
    office.until("its end", |office, _| office.ended.is_some());
    office.ended = None;
    office.open_terminal("host");
    office.until("a prompt", |office, _| office.prompts == 4);
    office.desk.carry_out(Effect::StopLab);
    office.until("its end", |office, _| office.ended.is_some());
    office.desk.close();
}
