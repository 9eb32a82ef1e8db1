//! Colours of the terminal. They are for meaning only: one protocol, one colour, as on the stage.
//! The stream drops them where there is no terminal, or where `NO_COLOR` is set.

use std::fmt;

use anstyle::{AnsiColor, Color, Style};
use capture::Fate;

/// A text and its style.
#[derive(Debug)]
pub struct Styled<'a> {
    text: &'a str,
    style: Style,
}

impl fmt::Display for Styled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, style } = self;
        write!(f, "{style}")?;
        f.pad(text)?;
        write!(f, "{style:#}")
    }
}

fn coloured(text: &str, colour: AnsiColor) -> Styled<'_> {
    Styled { text, style: Style::new().fg_color(Some(Color::Ansi(colour))) }
}

pub fn strong(text: &str) -> Styled<'_> {
    Styled { text, style: Style::new().bold() }
}

pub fn quiet(text: &str) -> Styled<'_> {
    Styled { text, style: Style::new().dimmed() }
}

pub fn good(text: &str) -> Styled<'_> {
    coloured(text, AnsiColor::Green)
}

pub fn doubtful(text: &str) -> Styled<'_> {
    coloured(text, AnsiColor::Yellow)
}

pub fn bad(text: &str) -> Styled<'_> {
    coloured(text, AnsiColor::Red)
}

pub fn fate(fate: Fate) -> Styled<'static> {
    match fate {
        Fate::Delivered => good("delivered"),
        Fate::Ignored => quiet("ignored"),
        Fate::Dropped => bad("dropped"),
        Fate::InFlight => doubtful("in flight"),
    }
}

pub fn protocol(name: &str) -> Styled<'_> {
    match name {
        "ARP" => coloured(name, AnsiColor::Yellow),
        "ICMP" => coloured(name, AnsiColor::Blue),
        "ICMPv6" => coloured(name, AnsiColor::Magenta),
        "TCP" => coloured(name, AnsiColor::BrightMagenta),
        "UDP" | "DNS" | "DHCP" => coloured(name, AnsiColor::Cyan),
        _ => strong(name),
    }
}
