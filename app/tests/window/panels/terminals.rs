//! Terminals: what is typed goes out as bytes, what they show can be read, selected and copied.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Role, Vec2, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use hopscope::{
    model::{
        command::{Command, Effect, News, Terminal as Wish},
        state::State,
        update::update,
    },
    terminal::{TerminalId, TerminalSaid, TerminalSize},
    window::views::terminals,
};

use super::bench::{Bench, bench, picture, running};

const SIZE: Vec2 = vec2(860.0, 420.0);
const CTRL: Modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..CTRL };

/// Somebody before terminals: what is done takes effect, and what goes out is kept.
struct Sitting {
    harness: Harness<'static, Bench>,
    effects: Vec<Effect>,
}

impl Sitting {
    fn at(places: &[&str]) -> Self {
        Self::with(running("two-rooms-and-a-switch"), places)
    }

    fn with(mut state: State, places: &[&str]) -> Self {
        for place in places {
            let name = place.parse().expect("a name");
            let _nobody_opens_it = update(&mut state, Command::Terminal(Wish::Open(name)));
        }
        let mut sitting = Self { harness: bench(SIZE, state, terminals::show), effects: Vec::new() };
        sitting.settle();
        sitting.effects.clear();
        sitting
    }

    fn settle(&mut self) {
        for _ in 0..20 {
            self.harness.run();
            let bench = self.harness.state_mut();
            let commands = std::mem::take(&mut bench.out);
            if commands.is_empty() {
                return;
            }
            for command in commands {
                self.effects.extend(update(&mut bench.state, command));
            }
        }
    }

    fn says(&mut self, terminal: u32, text: &str) {
        let said = TerminalSaid::Output(text.as_bytes().to_vec());
        let news = Command::News(News::Terminal { terminal: TerminalId(terminal), said });
        self.effects.extend(update(&mut self.harness.state_mut().state, news));
        self.settle();
    }

    /// Everything that was typed since it was asked last.
    fn typed(&mut self) -> Vec<u8> {
        self.settle();
        let effects = std::mem::take(&mut self.effects);
        effects
            .into_iter()
            .flat_map(|effect| match effect {
                Effect::Type { bytes, .. } => bytes,
                _ => Vec::new(),
            })
            .collect()
    }

    fn press(&mut self, held: Modifiers, key: Key) {
        self.harness.key_press_modifiers(held, key);
        self.settle();
    }

    fn types(&mut self, text: &str) {
        self.harness.event(Event::Text(text.into()));
        self.settle();
    }

    /// What a screen reader would read.
    fn read(&self, name: &str) -> String {
        let node = self.harness.get_by_role_and_label(Role::Terminal, name);
        node.value().expect("it is read")
    }

    fn state(&self) -> &State {
        &self.harness.state().state
    }

    /// The middle of a cell.
    fn cell(&self, name: &str, row: usize, column: usize) -> Pos2 {
        let rect = self.harness.get_by_role_and_label(Role::Terminal, name).rect();
        let size = self.state().terminal_size;
        let text = rect.size() - vec2(20.0, 12.0);
        let cell = vec2(8.0, (text.y / f32::from(size.rows)).floor());
        rect.min + vec2(10.0, 6.0) + vec2((column as f32 + 0.5) * cell.x, (row as f32 + 0.5) * cell.y)
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.harness.hover_at(from);
        self.settle();
        self.harness.drag_at(from);
        self.settle();
        for part in 1..=4 {
            self.harness.hover_at(from + (to - from) * (part as f32 / 4.0));
            self.settle();
        }
        self.harness.drop_at(to);
        self.settle();
    }

    fn click(&mut self, at: Pos2, held: Modifiers) {
        self.harness.run_steps(20);
        self.harness.hover_at(at);
        self.settle();
        for pressed in [true, false] {
            let button = PointerButton::Primary;
            let event = Event::PointerButton { pos: at, button, pressed, modifiers: held };
            self.harness.event_modifiers(event, held);
        }
        self.settle();
    }
}

#[test]
fn what_is_typed_goes_to_the_terminal_in_front() {
    let mut sitting = Sitting::at(&["red"]);
    assert!(sitting.harness.get_by_role_and_label(Role::Terminal, "terminal red").is_focused());
    sitting.types("ip addr");
    sitting.press(Modifiers::NONE, Key::Enter);
    assert_eq!(sitting.typed(), b"ip addr\r");
    sitting.press(Modifiers::NONE, Key::Tab);
    sitting.press(Modifiers::NONE, Key::Tab);
    sitting.press(Modifiers::SHIFT, Key::Tab);
    assert_eq!(sitting.typed(), b"\t\t\x1b[Z", "the focus stays");
    for key in [Key::ArrowUp, Key::Escape, Key::Backspace, Key::F1] {
        sitting.press(Modifiers::NONE, key);
    }
    assert_eq!(sitting.typed(), b"\x1b[A\x1b\x7f\x1bOP");
    sitting.press(CTRL, Key::D);
    sitting.harness.event(Event::Copy);
    sitting.harness.event(Event::Cut);
    assert_eq!(sitting.typed(), b"\x04\x03\x18");
    sitting.harness.event(Event::Ime(egui::ImeEvent::Commit("é日".into())));
    assert_eq!(sitting.typed(), "é日".as_bytes());
    sitting.says(1, "\x1b[?1h");
    sitting.press(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(sitting.typed(), b"\x1bOA");
    assert!(sitting.harness.get_by_role_and_label(Role::Terminal, "terminal red").is_focused());
}

#[test]
fn alt_is_an_escape_before() {
    let mut sitting = Sitting::at(&["red"]);
    let key = Event::Key {
        key: Key::B,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::ALT,
    };
    sitting.harness.event(Event::ModifiersChanged(Modifiers::ALT));
    sitting.harness.event(key);
    sitting.harness.event(Event::Text("b".into()));
    assert_eq!(sitting.typed(), b"\x1bb");
}

#[test]
fn one_can_leave_and_come_back() {
    let mut sitting = Sitting::at(&["red"]);
    sitting.press(Modifiers::SHIFT, Key::Escape);
    sitting.types("x");
    assert_eq!(sitting.typed(), b"", "it has not the keyboard any more");
    let inside = sitting.cell("terminal red", 3, 3);
    sitting.click(inside, Modifiers::NONE);
    sitting.types("x");
    assert_eq!(sitting.typed(), b"x");
}

#[test]
fn a_paste_goes_in_as_text_and_between_marks_where_they_are_wanted() {
    let mut sitting = Sitting::at(&["red"]);
    sitting.harness.event(Event::Paste("ls".into()));
    assert_eq!(sitting.typed(), b"\x16", "of Ctrl+V alone");
    sitting.press(CTRL_SHIFT, Key::V);
    sitting.harness.event(Event::Paste("one\ntwo\r\n".into()));
    assert_eq!(sitting.typed(), b"one\rtwo\r");
    sitting.says(1, "\x1b[?2004h");
    sitting.press(Modifiers::SHIFT, Key::Insert);
    sitting.harness.event(Event::Paste("a\n\x1b[201~b".into()));
    assert_eq!(sitting.typed(), b"\x1b[200~a\r[201~b\x1b[201~");
    sitting.press(CTRL_SHIFT, Key::V);
    sitting.harness.run_steps(20);
    sitting.harness.event(Event::Paste("late".into()));
    assert_eq!(sitting.typed(), b"\x16", "the clipboard was empty then");
}

#[test]
fn what_it_shows_can_be_read_selected_and_copied() {
    let mut sitting = Sitting::at(&["red"]);
    sitting.says(1, "inet 10.0.0.1/24 scope global\r\nsecond line\r\nred:~# ");
    assert_eq!(sitting.read("terminal red"), "inet 10.0.0.1/24 scope global\nsecond line\nred:~#");
    let (from, to) = (sitting.cell("terminal red", 0, 5), sitting.cell("terminal red", 1, 5));
    sitting.drag(from - vec2(3.0, 0.0), to + vec2(3.0, 0.0));
    sitting.press(CTRL_SHIFT, Key::C);
    let copied = Effect::Copy("10.0.0.1/24 scope global\nsecond".into());
    assert!(sitting.effects.contains(&copied), "{:?}", sitting.effects);
    let before: Vec<_> = std::mem::take(&mut sitting.effects);
    assert!(!before.iter().any(|effect| matches!(effect, Effect::Type { .. })), "Ctrl+C is not sent then");
    sitting.harness.run_steps(20);
    sitting.harness.hover_at(from);
    for pressed in [true, false, true, false] {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        sitting.harness.event(Event::PointerButton { pos: from, button, pressed, modifiers });
    }
    sitting.settle();
    sitting.press(CTRL, Key::Insert);
    assert!(sitting.effects.contains(&Effect::Copy("10.0.0.1/24".into())), "{:?}", sitting.effects);
}

#[test]
fn links_open_with_ctrl() {
    let mut sitting = Sitting::at(&["red"]);
    sitting.says(1, "see https://example.org/a for more");
    let link = sitting.cell("terminal red", 0, 8);
    sitting.click(link, Modifiers::NONE);
    assert!(!opens_something(&sitting));
    sitting.harness.event(Event::ModifiersChanged(CTRL));
    sitting.harness.run_steps(20);
    sitting.harness.hover_at(link);
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        sitting.harness.event(Event::PointerButton { pos: link, button, pressed, modifiers: CTRL });
        sitting.harness.step();
    }
    assert!(opens_something(&sitting));
}

fn opens_something(sitting: &Sitting) -> bool {
    let commands = &sitting.harness.output().platform_output.commands;
    commands.iter().any(|command| {
        matches!(command, egui::OutputCommand::OpenUrl(open) if open.url == "https://example.org/a")
    })
}

#[test]
fn it_scrolls_and_a_program_with_the_whole_screen_gets_arrow_keys() {
    let mut sitting = Sitting::at(&["red"]);
    let lines: String = (0..200).map(|number| format!("{number}\r\n")).collect();
    sitting.says(1, &lines);
    sitting.press(Modifiers::SHIFT, Key::PageUp);
    let below = sitting.state().terminals[0].screen.scrolled().below;
    assert_eq!(below, usize::from(sitting.state().terminal_size.rows) - 1);
    assert_eq!(sitting.typed(), b"");
    let inside = sitting.cell("terminal red", 3, 3);
    sitting.harness.hover_at(inside);
    let wheel = |lines: f32| Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, lines),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    };
    sitting.harness.event(wheel(3.0));
    sitting.settle();
    assert!(below < sitting.state().terminals[0].screen.scrolled().below);
    sitting.says(1, "\x1b[?1049h");
    sitting.harness.event(wheel(3.0));
    let typed = sitting.typed();
    assert!(typed.starts_with(b"\x1b[A"), "{typed:?}");
}

#[test]
fn its_size_follows_the_panel() {
    let mut sitting = Sitting::at(&["red"]);
    let small = sitting.state().terminal_size;
    assert_ne!(small, TerminalSize::default());
    sitting.harness.set_size(vec2(1200.0, 700.0));
    sitting.settle();
    let large = sitting.state().terminal_size;
    assert!(small.columns < large.columns && small.rows < large.rows);
    let told = Effect::ResizeTerminal { terminal: TerminalId(1), size: large };
    assert!(sitting.effects.contains(&told), "{:?}", sitting.effects);
    assert_eq!(sitting.state().terminals[0].screen.columns(), usize::from(large.columns));
}

#[test]
fn each_has_a_tab_with_where_it_is() {
    let mut sitting = Sitting::at(&["red", "blue", "red", "host"]);
    sitting.says(1, "the first");
    for name in ["tab red 1", "tab red 2", "tab blue", "tab host"] {
        let _is_there = sitting.harness.get_by_label(name);
    }
    sitting.harness.get_by_label("tab red 1").click();
    sitting.settle();
    assert_eq!(sitting.read("terminal red 1"), "the first");
    sitting.types("x");
    assert_eq!(sitting.effects.pop(), Some(Effect::Type { terminal: TerminalId(1), bytes: b"x".to_vec() }));
    sitting.harness.get_by_label("Close terminal red 1").click();
    sitting.settle();
    assert!(sitting.effects.contains(&Effect::CloseTerminal(TerminalId(1))));
    assert!(sitting.harness.query_by_label("tab red 1").is_none());
    let _is_alone_now = sitting.harness.get_by_label("tab red");
    sitting.harness.get_by_label("New terminal").click();
    sitting.settle();
    sitting.harness.get_by_label("Terminal in ns1").click();
    sitting.settle();
    assert_eq!(sitting.state().terminals.last().map(|last| last.at.as_str()), Some("ns1"));
    assert!(sitting.harness.get_by_role_and_label(Role::Terminal, "terminal ns1").is_focused());
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let mut sitting = Sitting::at(&["red"]);
    sitting.says(1, "red:~# ");
    sitting.harness.run_steps(10);
    let next = &sitting.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(1 < next.as_secs(), "the cursor does not blink: {next:?}");
}

/// Colours, strokes, lines, a screen as an editor draws it.
const LISTING: &str = "\
\x1b[1;32mns1\x1b[0m:\x1b[1;34m~\x1b[0m# ls --color\r\n\
\x1b[01;34mbin\x1b[0m  \x1b[01;32mrun.sh\x1b[0m  \x1b[01;36mlink\x1b[0m -> \x1b[01;34m/srv\x1b[0m  \x1b[01;31mlab.tar.gz\x1b[0m  \x1b[40;33;01mtty\x1b[0m  \x1b[37;41msetuid\x1b[0m  \x1b[30;42msticky\x1b[0m  \x1b[01;35mpicture.png\x1b[0m\r\n\
\x1b[1;32mns1\x1b[0m:\x1b[1;34m~\x1b[0m# ip -c -br addr\r\n\
lo               \x1b[32mUP             \x1b[0m\x1b[35m127.0.0.1\x1b[0m/8 \x1b[34m::1\x1b[0m/128\r\n\
\x1b[36mveth-ns1@if2     \x1b[0m\x1b[32mUP             \x1b[0m\x1b[35m10.10.0.1\x1b[0m/24 \x1b[31mDOWN\x1b[0m != <= >= -> ==> www\r\n\
\x1b[30m0\x1b[31m1\x1b[32m2\x1b[33m3\x1b[34m4\x1b[35m5\x1b[36m6\x1b[37m7\x1b[90m8\x1b[91m9\x1b[92mA\x1b[93mB\x1b[94mC\x1b[95mD\x1b[96mE\x1b[97mF\x1b[0m \
\x1b[40m 0 \x1b[41m 1 \x1b[42m 2 \x1b[43m 3 \x1b[44m 4 \x1b[45m 5 \x1b[46m 6 \x1b[47m 7 \x1b[100m 8 \x1b[101m 9 \x1b[102m A \x1b[103m B \x1b[104m C \x1b[105m D \x1b[106m E \x1b[107m F \x1b[0m\r\n\
\x1b[1mbold\x1b[0m \x1b[2mdim\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munderlined\x1b[0m \x1b[9mstruck\x1b[0m \x1b[7minverse\x1b[0m \x1b[1;4;31mall\x1b[0m e\u{301}a\u{308} → ← ↔ ● ✓ ⚠ 🐛 📦 é ß Ж α\r\n\
┌──────┬──────┐ ╔══════╦══════╗ ╭──────╮ ┏━━┳━━┓ ╒══╤══╕ ╓──╥──╖ ▁▂▃▄▅▆▇█ ░▒▓█ ▖▗▘▙▚▛▜▝▞▟\r\n\
│ veth │ up   │ ║ br0  ║ up   ║ │ host │ ┃  ┃  ┃ │  │  │ ║  ║  ║ ▏▎▍▌▋▊▉█ ╱╲╳ ▀▄▐▌\r\n\
├──────┼──────┤ ╠══════╬══════╣ ╰──────╯ ┣━━╋━━┫ ╞══╪══╡ ╟──╫──╢ ┄┄┄ ┅┅┅ ┈┈┈ ╌╌╌ ┆┊╎\r\n\
└──────┴──────┘ ╚══════╩══════╝          ┗━━┻━━┛ ╘══╧══╛ ╙──╨──╜ ┝┥┠┨┯┷┰┸ ┼╋\r\n\
see https://example.org/docs, and \x1b]8;;https://example.org/\x1b\\this link\x1b]8;;\x1b\\\r\n\
PING 10.10.0.2 (10.10.0.2) 56(84) bytes of data.\r\n\
64 bytes from 10.10.0.2: icmp_seq=1 ttl=64 time=0.052 ms\r\n\
\x1b[1;32mns1\x1b[0m:\x1b[1;34m~\x1b[0m# ping -c1 10.10.0.2";

const EDITOR: &str = "\x1b[?1049h\x1b[H\
\x1b[33m  1 \x1b[0m\x1b[34m#!/bin/bash\x1b[0m\r\n\
\x1b[33m  2 \x1b[0m\x1b[34m# Two rooms and a switch.\x1b[0m\r\n\
\x1b[33m  3 \x1b[0mip netns add red\r\n\
\x1b[33m  4 \x1b[0m\x1b[7mip netns add blue\x1b[0m\r\n\
\x1b[33m  5 \x1b[0m\x1b[33mfor\x1b[0m name \x1b[33min\x1b[0m red blue; \x1b[33mdo\x1b[0m\r\n\
\x1b[33m  6 \x1b[0m    ip link add \x1b[35mveth-\x1b[36m$name\x1b[0m type veth peer name \x1b[35mbr-\x1b[36m$name\x1b[0m\r\n\
\x1b[33m  7 \x1b[0m\x1b[33mdone\x1b[0m\r\n\
\x1b[1;34m~\r\n~\r\n~\x1b[0m\r\n\
\x1b[30;48;5;114m NORMAL \x1b[38;5;114;48;5;238m▌\x1b[38;5;250;48;5;238m lab.sh \x1b[K\x1b[0m\r\n\
\x1b[38;2;255;160;60m-- 日本語 wide --\x1b[0m\x1b[4;8H";

#[test]
fn pictures_of_terminals() {
    for (name, dark, projector) in [("dark", true, false), ("light", false, false), ("projector", true, true)]
    {
        let mut state = running("two-rooms-and-a-switch");
        (state.settings.dark, state.settings.projector) = (dark, projector);
        let mut sitting = Sitting::with(state, &["host", "ns2", "ns1"]);
        sitting.says(3, LISTING);
        assert!(sitting.read("terminal ns1").contains("setuid"));
        picture(&mut sitting.harness, &format!("terminal-{name}"));
        let (from, to) = (sitting.cell("terminal ns1", 3, 17), sitting.cell("terminal ns1", 4, 30));
        sitting.drag(from, to);
        sitting.press(Modifiers::SHIFT, Key::Escape);
        picture(&mut sitting.harness, &format!("terminal-selected-{name}"));
        sitting.says(3, &EDITOR.replace("日本語 ", ""));
        picture(&mut sitting.harness, &format!("terminal-editor-{name}"));
    }
}
