//! What of a lab is on paper only: no kernel knows titles, or positions on a canvas.

use topology::Lab;

/// `observed`, with what `drawn` says beyond what a kernel can hold.
pub fn onto(mut observed: Lab, drawn: &Lab) -> Lab {
    observed.title.clone_from(&drawn.title);
    observed.about.clone_from(&drawn.about);
    observed.try_this.clone_from(&drawn.try_this);
    observed.pings.clone_from(&drawn.pings);
    for (name, namespace) in &mut observed.namespaces {
        let drawn = drawn.namespaces.get(name);
        namespace.position = drawn.and_then(|drawn| drawn.position);
        for (name, interface) in &mut namespace.interfaces {
            let drawn = drawn.and_then(|drawn| drawn.interfaces.get(name));
            interface.position = drawn.and_then(|drawn| drawn.position);
        }
    }
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_paper_comes_back_onto_what_was_observed() {
        let drawn = topology::ready::LABS[0].lab().settled();
        let mut observed = drawn.clone();
        observed.title.clear();
        observed.pings.clear();
        for namespace in observed.namespaces.values_mut() {
            namespace.position = None;
            namespace.interfaces.values_mut().for_each(|interface| interface.position = None);
        }
        assert_ne!(observed, drawn);
        assert_eq!(onto(observed, &drawn), drawn);
    }
}
