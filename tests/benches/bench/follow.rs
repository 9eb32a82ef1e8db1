//! From the end of an `ip` command to the news of it, through the whole engine; and a loop that makes two hundred
//! namespaces with a cable each to a bridge.

use std::{
    process::Command,
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use hopscope::engine::client::{Aside, Engine};
use topology::{Lab, NamespaceName, Sight};

use crate::{process::program, report::Report};

const LIMIT: Duration = Duration::from_secs(120);
const COMMANDS: usize = 60;
const COUNT: usize = 200;

pub fn measure(report: &mut Report) {
    let mut followed = Followed::start();
    let mut took: Vec<f64> = (0..COMMANDS).map(|number| followed.until_seen(number)).collect();
    took.sort_by(f64::total_cmp);
    report.note("news of a command, half of them after", &format!("{:.1} ms", took[COMMANDS / 2]));
    report.at_most("news of a command, 95 % of them after", took[COMMANDS * 95 / 100], 100.0, "ms");

    let began = Instant::now();
    followed.types(&format!(
        "ip link add br0 type bridge; ip link set br0 up
         for n in $(seq {COUNT}); do
             ip netns add ns$n
             ip link add v$n numtxqueues 1 numrxqueues 1 type veth peer name eth0 netns ns$n numtxqueues 1 numrxqueues 1
             ip link set v$n master br0 up
             ip -n ns$n link set eth0 up
         done"
    ));
    let ended = Instant::now();
    followed.until("all cables", |sight| sight.lab.cables.len() == COUNT);
    report.note("a loop makes 200 namespaces in", &format!("{:.1} s", (ended - began).as_secs_f64()));
    report.at_most("all of it is known after its end", ended.elapsed().as_secs_f64() * 1e3, 100.0, "ms");
    let things: usize = followed.sight.lab.interfaces().filter(|(_, found)| found.is_tapped()).count();
    let wrong = things.abs_diff(2 * COUNT + 1) + followed.sight.lab.namespaces.len().abs_diff(COUNT + 1);
    report.at_most("missing and ghost elements", wrong as f64, 0.0, "");
    let began = Instant::now();
    followed.engine.stop().expect("it stops");
    report.note("stopped with its 401 taps in", &format!("{:.2} s", began.elapsed().as_secs_f64()));
}

struct Followed {
    engine: Engine,
    asides: Receiver<Aside>,
    sight: Sight,
}

impl Followed {
    fn start() -> Self {
        let mut engine = Engine::start_by(Command::new(program())).expect("an engine");
        engine.build(&Lab::default()).expect("an empty lab");
        engine.follow().expect("it follows");
        let asides = engine.take_asides().expect("nobody took them");
        Self { engine, asides, sight: Sight::default() }
    }

    fn types(&self, commands: &str) {
        let outcome = self.engine.run(&NamespaceName::host(), commands, LIMIT).expect("it runs");
        assert!(outcome.succeeded(), "{}", outcome.stderr.text());
    }

    fn until(&mut self, what: &str, is_so: impl Fn(&Sight) -> bool) {
        while !is_so(&self.sight) {
            match self.asides.recv_timeout(LIMIT) {
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
