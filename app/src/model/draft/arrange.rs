//! STAND-IN: automatic placing of labs.

use topology::Lab;

pub fn arrange(lab: &Lab) -> Lab {
    lab.clone()
}

pub fn place_missing(lab: &Lab) -> Lab {
    lab.clone()
}
