//! A frame went onto a cable and was not seen at its other end.

use topology::Cable;

use super::{Last, Verdict, dropped, in_flight};

pub fn judge(last: &Last, cable: &Cable) -> Verdict {
    let Some(far) = cable.other_end(last.at) else {
        return in_flight(format_args!("{} is on no cable that the lab knows", last.at));
    };
    let interface = last.lab().interface(far);
    if interface.is_some_and(|interface| !interface.up) {
        return dropped(format_args!("{far}, the other end of its cable, is down"));
    }
    if let Some(mtu) = interface.and_then(|interface| interface.mtu)
        && mtu < last.octets_for_mtu()
    {
        let octets = last.octets_for_mtu();
        return dropped(format_args!("its {octets} octets are more than {far} takes (MTU {mtu})"));
    }
    if last.came_before_the_tap_at(far) {
        return in_flight(format_args!("it may have reached {far} before the tap there listened"));
    }
    if last.tap_at(far).is_none() {
        return in_flight(format_args!("no tap listens at {far}, the other end of its cable"));
    }
    match last.lost_at(far) {
        0 if last.around.at_end => in_flight("it was still on the cable when the capture ended"),
        0 => in_flight(format_args!("it was not seen to arrive at {far}")),
        1 => in_flight(format_args!("it was not seen to arrive at {far}, whose tap lost a frame")),
        lost => in_flight(format_args!("it was not seen to arrive at {far}, whose tap lost {lost} frames")),
    }
}
