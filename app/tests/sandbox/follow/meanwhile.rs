//! Somebody types and somebody draws, neither knowing of the other yet.

use super::*;

/// What somebody draws who has not seen yet what was typed a moment ago.
#[test]
fn what_was_typed_a_moment_ago_outlives_what_is_drawn() {
    let mut followed = Followed::start(Who::Me);
    let drawn = labs::red_and_blue();
    let known = followed.engine.build(&drawn).expect("it builds");
    let with_a_room = |lab: &Lab, room: &str| {
        let mut lab = lab.clone();
        lab.namespaces.insert(name(room), Default::default());
        lab
    };
    followed.types("host", "ip netns add green");
    let first = with_a_room(&drawn, "kitchen");
    let built = followed.engine.change(&known, &first).expect("it is changed");
    assert!(built.namespaces.contains_key(&name("green")) && built.namespaces.contains_key(&name("kitchen")));
    // The next one is drawn before anything was heard of the first: it starts from what that one comes to.
    followed.types("host", "ip netns add yellow; ip netns del blue");
    let second = with_a_room(&first, "cellar");
    let built = followed.engine.change(&first, &second).expect("it is changed");
    let names: Vec<&str> = built.namespaces.keys().map(NamespaceName::as_str).collect();
    assert_eq!(names, ["cellar", "green", "host", "kitchen", "red", "yellow"]);
    // And is taken back as fast.
    let built = followed.engine.change(&second, &known).expect("it is changed");
    let names: Vec<&str> = built.namespaces.keys().map(NamespaceName::as_str).collect();
    assert_eq!(names, ["green", "host", "red", "yellow"]);
    followed.until("all of that", |followed| followed.sight.lab.bare() == built.bare());
}

#[test]
fn what_was_renamed_a_moment_ago_is_drawn_on_under_its_new_name() {
    let mut followed = Followed::start(Who::Me);
    let drawn = labs::red_and_blue();
    let known = followed.engine.build(&drawn).expect("it builds");
    let mut wanted = drawn.clone();
    let end = wanted.interface_mut(&place("red/eth0")).expect("it is there");
    end.addresses.insert("192.0.2.7/24".parse().expect("an address"));
    followed.types("red", "ip link set eth0 down; ip link set eth0 name wan; ip link set wan up");
    let built = followed.engine.change(&known, &wanted).expect("it is changed");
    let end = built.interface(&place("red/wan")).expect("it has its new name");
    assert_eq!((built.interface(&place("red/eth0")), end.addresses.len()), (None, 2));
    followed.until("its tap", |followed| followed.tap("red/wan").is_some());
}
