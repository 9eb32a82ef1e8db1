//! The generated lines against the real kernel, read back with `ip`.
//! Each sandbox is its own user, network and mount namespace and dies with its shell.

mod facts;

use std::{
    collections::BTreeSet,
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use proptest::{strategy::Strategy, strategy::ValueTree, test_runner::TestRunner};

use super::script;
use crate::{
    BridgeSettings, Lab, Step,
    plan::{plan, teardown},
    sample,
};

/// A file that is gone when the test is over.
struct ScriptFile(PathBuf);

impl ScriptFile {
    fn new(text: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("topology-script-{}-{}.sh", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("the temporary directory can be written to");
        Self(path)
    }
}

impl Drop for ScriptFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What a command prints; a bad end, or anything on standard error but the shell's trace
/// (whose lines begin with a plus), fails the test with the lines that led there.
fn output_of(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("this test needs sh and unshare (util-linux)");
    let trace = String::from_utf8_lossy(&output.stderr);
    let is_clean = trace.lines().all(|line| line.starts_with('+'));
    assert!(output.status.success() && is_clean, "{}:\n{trace}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Builds `lab` by its script in an empty sandbox, then carries out `steps`, then reads it all back.
fn facts_after(lab: &Lab, steps: &[Step]) -> BTreeSet<String> {
    let building = ScriptFile::new(&script(lab));
    let lines: String = steps.iter().map(|step| step.shell() + "\n").collect();
    let changing = ScriptFile::new(&format!("set -eux\n{lines}\nset +x\n{}", facts::READ_BACK));
    let sandbox = "set -eu; if [ -d /run/netns ]; then mount -t tmpfs tmpfs /run/netns; \
                   else mount -t tmpfs tmpfs /run; mkdir /run/netns; fi; sh -x \"$1\" --here; sh \"$2\"";
    let mut command = Command::new("unshare");
    command.args(["-rnm", "sh", "-c", sandbox, "sh"]).args([&building.0, &changing.0]);
    facts::observed(&output_of(&mut command))
}

fn assert_same(found: &BTreeSet<String>, wanted: &BTreeSet<String>, steps: &[Step]) {
    let extra: Vec<_> = found.difference(wanted).collect();
    let missing: Vec<_> = wanted.difference(found).collect();
    let lines: String = steps.iter().map(|step| step.shell() + "\n").collect();
    assert!(found == wanted, "the kernel has {extra:#?}\nand lacks {missing:#?}\nafter\n{lines}");
}

/// A kernel may lack VLAN filtering, and nothing here can make up for it. What is neither bridge nor cable cannot
/// be made by a line.
fn as_can_be_made(mut lab: Lab) -> Lab {
    for namespace in lab.namespaces.values_mut() {
        namespace.interfaces.retain(|_, found| !matches!(found.kind, crate::InterfaceKind::Other(_)));
    }
    for found in lab.namespaces.values_mut().flat_map(|namespace| namespace.interfaces.values_mut()) {
        if let crate::InterfaceKind::Bridge(BridgeSettings { vlan_filtering, .. }) = &mut found.kind {
            *vlan_filtering = false;
        }
    }
    lab
}

fn random_labs(count: usize) -> Vec<Lab> {
    let mut runner = TestRunner::deterministic();
    let mut one = || sample::lab().new_tree(&mut runner).expect("a lab can always be made").current();
    (0..count).map(|_| as_can_be_made(one())).collect()
}

#[test]
fn the_kernel_takes_every_line_and_holds_the_settled_lab() {
    let count = std::env::var("SCRIPT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    for pair in random_labs(count * 2).chunks(2) {
        let (from, to) = (&pair[0], &pair[1]);
        let there = plan(&from.settled(), to).steps;
        let (start, end) = (facts::expected(&from.bare()), facts::expected(&to.bare()));
        let building = plan(&Lab::default(), from).steps;
        assert_same(&facts_after(from, &[]), &start, &building);
        assert_same(&facts_after(from, &there), &end, &there);
        let back = there.iter().rev().map(Step::inverse);
        let round: Vec<Step> = there.iter().cloned().chain(back).collect();
        assert_same(&facts_after(from, &round), &start, &round);
    }
}

#[test]
fn a_lab_is_taken_down_by_its_lines() {
    let lab = as_can_be_made(sample::rich());
    let down = teardown(&lab.settled()).steps;
    assert_same(&facts_after(&lab, &down), &facts::expected(&Lab::default().bare()), &down);
}

#[test]
fn a_script_makes_its_own_sandbox_and_leaves_nothing() {
    let mut lab = as_can_be_made(sample::rich());
    lab.title = "Two rooms\n$(exit 3)".into();
    lab.pings.push((sample::namespace("red"), crate::Target::Namespace(sample::namespace("blue"))));
    let text = script(&lab);
    assert!(text.contains("\n# $(exit 3)\n"), "{text}");
    assert!(text.contains("# Try: ip netns exec red ping -c 1 10.10.0.2\n"), "{text}");
    let file = ScriptFile::new(&text);
    let before = std::fs::read_to_string("/proc/net/dev").expect("Linux has it").lines().count();
    output_of(Command::new("sh").arg(&file.0));
    let after = std::fs::read_to_string("/proc/net/dev").expect("Linux has it").lines().count();
    assert_eq!(before, after);
}

#[test]
fn only_here_is_an_argument() {
    let file = ScriptFile::new(&script(&Lab::default()));
    let output = Command::new("sh").arg(&file.0).arg("--there").output().expect("this test needs sh");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("usage: "));
}
