//! From the end of an `ip` command to the news of it, through the whole engine; and a loop that makes two hundred
//! namespaces with a cable each to a bridge.

use std::{
    process::Command,
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use hopscope::engine::client::{Aside, Engine};
use topology::{Lab, NamespaceName, Sight};

use crate::{
    build::ratio,
    process::program,
    report::{Report, milliseconds, timed},
};

/// Nothing here takes nearly so long; what does has failed, and the whole is over within a minute.
const LIMIT: Duration = Duration::from_secs(20);
const COMMANDS: usize = 60;
const COUNT: usize = 200;
/// As people type it: with the stacks of two hundred namespaces greeting each other through the bridge.
const LOOP: &str = "ip link add br0 type bridge; ip link set br0 up
    for n in $(seq 200); do
        ip netns add ns$n
        ip link add v$n numtxqueues 1 numrxqueues 1 type veth peer name eth0 netns ns$n numtxqueues 1 numrxqueues 1
        ip link set v$n master br0 up
        ip -n ns$n link set eth0 up
    done";

pub fn measure(report: &mut Report) {
    // First, so that nothing of the others is left to be cleaned up meanwhile.
    let alone = Followed::unfollowed();
    let (took_alone, ()) = timed(|| alone.types(LOOP));
    alone.engine.stop().expect("it stops");

    let mut followed = Followed::start();
    let mut took: Vec<f64> = (0..COMMANDS).map(|number| followed.until_seen(number)).collect();
    took.sort_by(f64::total_cmp);
    report.note("news of a command, half of them after", &format!("{:.1} ms", took[COMMANDS / 2]));
    report.at_most("news of a command, 95 % of them after", took[COMMANDS * 95 / 100], 100.0, "ms");

    let (took, ()) = timed(|| followed.types(LOOP));
    let ended = Instant::now();
    followed.until("all cables", |sight| sight.lab.cables.len() == COUNT);
    let known = ended.elapsed();
    report.note("a loop makes 200 namespaces in", &milliseconds(took));
    report.note("    with nobody who follows", &milliseconds(took_alone));
    report.note("    followed to that", &format!("{:.2}×", ratio(took, took_alone)));
    report.at_most("all of it is known after its end", known.as_secs_f64() * 1e3, 100.0, "ms");
    let things: usize = followed.sight.lab.interfaces().filter(|(_, found)| found.is_tapped()).count();
    let wrong = things.abs_diff(2 * COUNT + 1) + followed.sight.lab.namespaces.len().abs_diff(COUNT + 1);
    report.at_most("missing and ghost elements", wrong as f64, 0.0, "");
    let (took, stopped) = timed(|| followed.engine.stop());
    stopped.expect("it stops");
    report.note("stopped with its 401 taps in", &milliseconds(took));
}

struct Followed {
    engine: Engine,
    asides: Receiver<Aside>,
    sight: Sight,
}

impl Followed {
    fn start() -> Self {
        let followed = Self::unfollowed();
        followed.engine.follow().expect("it follows");
        followed
    }

    /// An engine that looks at nothing by itself, and has no taps.
    fn unfollowed() -> Self {
        let mut engine = Engine::start_by(Command::new(program())).expect("an engine");
        engine.build(&Lab::default()).expect("an empty lab");
        let asides = engine.take_asides().expect("nobody took them");
        Self { engine, asides, sight: Sight::default() }
    }

    fn types(&self, commands: &str) {
        let outcome = self.engine.run(&NamespaceName::host(), commands, LIMIT).expect("it runs");
        assert!(outcome.succeeded(), "{}", outcome.stderr.text());
    }

    fn until(&mut self, what: &str, is_so: impl Fn(&Sight) -> bool) {
        let deadline = Instant::now() + LIMIT;
        while !is_so(&self.sight) {
            match self.asides.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Aside::Saw(sight)) => self.sight = *sight,
                Ok(Aside::Terminal { .. }) => {}
                Err(error) => panic!("{what} did not come: {error}"),
            }
        }
    }

    /// Milliseconds from a command's end until it is known what it did; less than none counts as none.
    fn until_seen(&mut self, number: usize) -> f64 {
        let name: NamespaceName = format!("room{}", number / 2).parse().expect("a name");
        let is_made = number.is_multiple_of(2);
        self.types(&format!("ip netns {} {name}", if is_made { "add" } else { "del" }));
        let ended = Instant::now();
        self.until(name.as_str(), |sight| sight.lab.namespaces.contains_key(&name) == is_made);
        ended.elapsed().as_secs_f64() * 1e3
    }
}
