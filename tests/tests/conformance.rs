//! Every ready lab through memory, through the kernel, and as its generated shell script
//! gives the same observed lab; and taking it down leaves an empty sandbox.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use hopscope_tests::in_empty_sandbox;
use topology::{Ground, Lab, kernel::Kernel, paper::Paper, plan::plan, ready, script::script};

#[test]
fn memory_gives_what_was_wanted() {
    for ready in ready::LABS {
        let observed = built_on(&mut Paper::new(), &ready.lab());
        assert_same(ready.name, "memory", &observed, &ready.lab());
    }
}

#[test]
fn the_kernel_gives_what_was_wanted_and_nothing_remains() {
    for ready in ready::LABS {
        let lab = ready.lab();
        let (observed, remains, empty) = in_empty_sandbox(|| built_and_taken_down(&lab));
        assert_same(ready.name, "the kernel", &observed, &lab);
        assert_eq!(remains, empty, "{}: taken down", ready.name);
    }
}

#[test]
fn the_script_gives_what_was_wanted() {
    for ready in ready::LABS {
        let lab = ready.lab();
        let observed = in_empty_sandbox(|| {
            run_script(ready.name, &script(&lab));
            Kernel::new().expect("the kernel can be asked").observe().expect("the lab can be observed")
        });
        assert_same(ready.name, "the script", &observed, &lab);
    }
}

/// Only kernels that filter by VLAN can build it; the others must say so in plain words.
#[test]
fn vlans_are_the_same_everywhere_or_refused() {
    let text = include_str!("../labs/vlans.toml");
    let lab = topology::file::parse(text).expect("it is a lab");
    assert_same("vlans", "memory", &built_on(&mut Paper::new(), &lab), &lab);
    if !kernel_filters_by_vlan() {
        let refusal = in_empty_sandbox(|| {
            let mut kernel = Kernel::new().expect("the kernel can be asked");
            let empty = kernel.observe().expect("an empty sandbox can be observed");
            kernel.carry_out(&plan(&empty, &lab)).expect_err("it cannot be built").to_string()
        });
        assert!(refusal.contains("this kernel was built without it"), "{refusal}");
        return;
    }
    let (built, remains, empty) = in_empty_sandbox(|| built_and_taken_down(&lab));
    assert_same("vlans", "the kernel", &built, &lab);
    assert_eq!(remains, empty, "vlans: taken down");
    let scripted = in_empty_sandbox(|| {
        run_script("vlans", &script(&lab));
        Kernel::new().expect("the kernel can be asked").observe().expect("the lab can be observed")
    });
    assert_same("vlans", "the script", &scripted, &lab);
}

fn kernel_filters_by_vlan() -> bool {
    in_empty_sandbox(|| {
        let made =
            Command::new("ip").args("link add name probe type bridge vlan_filtering 1".split(' ')).output();
        made.expect("there is `ip`").status.success()
    })
}

fn assert_same(name: &str, ground: &str, observed: &Lab, wanted: &Lab) {
    assert_eq!(
        observed.bare(),
        wanted.bare(),
        "{name}: {ground} (left) differs from what was wanted (right)"
    );
}

/// What the kernel showed of the lab, what it showed once the lab was gone, and what it had shown before.
fn built_and_taken_down(lab: &Lab) -> (Lab, Lab, Lab) {
    let mut kernel = Kernel::new().expect("the kernel can be asked");
    let empty = kernel.observe().expect("an empty sandbox can be observed");
    let built = built_on(&mut kernel, lab);
    let down = plan(&built, &empty);
    kernel.carry_out(&down).expect("what was built can be taken down");
    (built, kernel.observe().expect("the rest can be observed"), empty)
}

fn built_on(ground: &mut impl Ground, wanted: &Lab) -> Lab {
    let before = ground.observe().expect("an empty sandbox can be observed");
    let plan = plan(&before, wanted);
    ground.carry_out(&plan).unwrap_or_else(|failure| panic!("{}: {failure}", wanted.title));
    ground.observe().expect("a lab can be observed")
}

fn run_script(name: &str, text: &str) {
    let mut shell = Command::new("sh")
        .args(["-s", "--", "--here"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("there is a shell");
    let mut input = shell.stdin.take().expect("its input is a pipe");
    input.write_all(text.as_bytes()).expect("the shell reads the script");
    drop(input);
    let output = shell.wait_with_output().expect("the shell ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {}: {errors}\n{text}", output.status);
}
