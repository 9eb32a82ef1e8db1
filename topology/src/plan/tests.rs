use proptest::prelude::*;

use super::{plan, teardown};
use crate::{
    Ground, Lab, Step,
    paper::Paper,
    sample::{self, place},
};

/// Applies all, and checks on the way that each step is undone exactly.
fn carry_out(plan: &[Step], lab: &mut Lab) {
    for step in plan {
        let before = lab.clone();
        step.apply(lab).unwrap_or_else(|error| panic!("{step:?}: {error}\nin {plan:#?}"));
        let mut undone = lab.clone();
        step.inverse().apply(&mut undone).unwrap_or_else(|error| panic!("undoing {step:?}: {error}"));
        assert_eq!(undone, before, "{step:?} is not undone");
    }
}

fn undo(plan: &[Step], lab: &mut Lab) {
    for step in plan.iter().rev() {
        step.inverse().apply(lab).unwrap_or_else(|error| panic!("undoing {step:?}: {error}"));
    }
}

proptest! {
    #[test]
    fn a_plan_leads_from_any_lab_to_any_other_and_back(from in sample::lab(), to in sample::lab()) {
        let mut lab = from.settled();
        let steps = plan(&lab, &to).steps;
        carry_out(&steps, &mut lab);
        prop_assert_eq!(lab.bare(), to.bare());
        prop_assert!(plan(&lab, &to).steps.is_empty(), "a second plan finds work: {:?}", plan(&lab, &to));
        undo(&steps, &mut lab);
        prop_assert_eq!(lab, from.settled());
    }

    #[test]
    fn there_is_nothing_to_do_between_a_lab_and_itself(lab in sample::lab()) {
        prop_assert_eq!(plan(&lab.settled(), &lab).steps, Vec::new());
        prop_assert_eq!(plan(&lab.bare(), &lab).steps, Vec::new());
    }

    #[test]
    fn any_lab_is_built_on_paper_and_taken_down_again(lab in sample::lab()) {
        let mut paper = Paper::new();
        let building = plan(&paper.observe().expect("paper can be read"), &lab);
        paper.carry_out(&building).map_err(|failure| TestCaseError::fail(failure.to_string()))?;
        let observed = paper.observe().expect("paper can be read");
        prop_assert_eq!(&observed, &lab.bare());
        paper.carry_out(&teardown(&observed)).map_err(|failure| TestCaseError::fail(failure.to_string()))?;
        prop_assert_eq!(paper.observe().expect("paper can be read"), Lab::default().bare());
    }

    #[test]
    fn a_step_of_another_plan_is_refused_whole_or_undone_exactly(
        here in sample::lab_without_bridge_mtus(), from in sample::lab(), to in sample::lab(),
    ) {
        let here = here.settled();
        for step in plan(&from.settled(), &to).steps {
            let mut lab = here.clone();
            if step.apply(&mut lab).is_ok() {
                prop_assert!(step.inverse().apply(&mut lab).is_ok(), "{:?} cannot be undone", step);
            }
            prop_assert_eq!(&lab, &here, "{:?}", step);
        }
    }
}

#[test]
fn a_plan_that_fails_on_paper_leaves_nothing_behind() {
    let mut paper = Paper::new();
    let before = paper.observe().expect("paper can be read");
    let mut building = plan(&before, &sample::rich());
    building.steps.push(Step::SetUp { at: place("red/lo"), up: true });
    let failure = paper.carry_out(&building).expect_err("it is up already");
    assert_eq!(failure.undone, building.steps.len() - 1);
    assert!(failure.left_behind.is_empty(), "{failure}");
    assert_eq!(paper.observe().expect("paper can be read"), before);
}

#[test]
fn a_cable_its_port_and_its_coming_up_are_neighbours() {
    let steps = plan(&Lab::default().settled(), &sample::rich()).steps;
    let plugs = steps.windows(3).filter(|three| matches!(three[0], Step::PlugCable { .. }));
    let mut count = 0;
    for three in plugs {
        assert!(matches!(three[1], Step::Enslave { .. }), "{three:?}");
        assert!(matches!(three[2], Step::SetUp { up: true, .. }), "{three:?}");
        count += 1;
    }
    assert_eq!(count, 2);
}

#[test]
fn only_drawn_labs_have_things_moved() {
    let mut wanted = sample::rich();
    let red = sample::namespace("red");
    let position = |x| Some(crate::Position { x, y: 0 });
    wanted.namespaces.get_mut(&red).expect("it is a room of this lab").position = position(1);
    assert_eq!(plan(&wanted.bare(), &wanted).steps, Vec::new());
    let mut observed = wanted.settled();
    observed.namespaces.get_mut(&red).expect("it is a room of this lab").position = position(2);
    let thing = crate::Thing::Namespace(red);
    let moved = Step::Move { thing, from: position(2), to: position(1) };
    assert_eq!(plan(&observed, &wanted).steps, vec![moved]);
}

#[test]
fn a_bridge_with_a_small_port_and_an_mtu_of_its_own_is_left_alone() {
    let mut lab = sample::rich();
    lab.interface_mut(&place("host/to-red")).expect("it is a port of this lab").mtu = Some(1000);
    lab.interface_mut(&place("host/br0")).expect("it is this lab's bridge").mtu = Some(1400);
    assert_eq!(plan(&lab.settled(), &lab).steps, Vec::new());
}

#[test]
fn a_loose_end_stays_is_set_and_goes() {
    let mut seen = Lab::default().bare();
    let host = seen.namespaces.get_mut(&sample::namespace("host")).expect("it is always there");
    let mac = Some(crate::MacAddress([2, 0, 0, 0, 0, 7]));
    let mut end =
        crate::Interface { mac, mtu: Some(1500), ..crate::Interface::new(crate::InterfaceKind::VethEnd) };
    end.addresses.insert(sample::net("10.0.0.1/24"));
    host.interfaces.insert(sample::interface("loose"), end);
    assert_eq!(plan(&seen, &seen).steps, []);
    let mut wanted = seen.clone();
    wanted.interface_mut(&place("host/loose")).expect("it").up = false;
    assert_eq!(plan(&seen, &wanted).steps, [Step::SetUp { at: place("host/loose"), up: false }]);
    let mut lab = seen.clone();
    carry_out(&teardown(&seen).steps, &mut lab);
    assert_eq!(lab.bare(), Lab::default().bare());
    assert_eq!(lab.interface(&place("host/loose")), None);
}
