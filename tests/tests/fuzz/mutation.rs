//! Valid things, broken a little: that gets deeper into a reader than noise does.

use bolero::TypeGenerator;

/// Which sample to take, and what to do to it, in order.
#[derive(Clone, Debug, TypeGenerator)]
pub struct Mutated {
    sample: u8,
    changes: Vec<Change>,
}

/// Places are taken modulo what there is.
#[derive(Clone, Debug, TypeGenerator)]
enum Change {
    Set {
        at: u16,
        to: u8,
    },
    /// Numbers near a limit break more than random ones.
    SetWord {
        at: u16,
        to: Word,
    },
    Insert {
        at: u16,
        bytes: Vec<u8>,
    },
    Remove {
        at: u16,
        len: u8,
    },
    Repeat {
        at: u16,
        len: u8,
    },
    Swap {
        one: u16,
        other: u16,
    },
    Cut {
        at: u16,
    },
}

#[derive(Clone, Copy, Debug, TypeGenerator)]
enum Word {
    Zero,
    One,
    Ones,
    Half,
}

/// No sample grows beyond this, in octets.
const LONGEST: usize = 1 << 16;

impl Mutated {
    /// The sample with all changes made to it.
    pub fn of(&self, samples: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = samples[usize::from(self.sample) % samples.len()].clone();
        self.changes.iter().for_each(|change| change.make(&mut bytes));
        bytes.truncate(LONGEST);
        bytes
    }
}

impl Change {
    fn make(&self, bytes: &mut Vec<u8>) {
        let place = |at: u16| usize::from(at) % bytes.len().max(1);
        let stretch = |at: u16, len: u8| place(at)..(place(at) + usize::from(len)).min(bytes.len());
        match self {
            Self::Insert { at, bytes: more } => {
                let at = usize::from(*at) % (bytes.len() + 1);
                bytes.splice(at..at, more.iter().copied());
            }
            _ if bytes.is_empty() => {}
            Self::Set { at, to } => {
                let at = place(*at);
                bytes[at] = *to;
            }
            Self::SetWord { at, to } => {
                let at = place(*at);
                let word = to.bytes();
                let len = word.len().min(bytes.len() - at);
                bytes[at..at + len].copy_from_slice(&word[..len]);
            }
            Self::Remove { at, len } => {
                let stretch = stretch(*at, *len);
                bytes.drain(stretch);
            }
            Self::Repeat { at, len } => {
                let stretch = stretch(*at, *len);
                let (copy, end) = (bytes[stretch.clone()].to_vec(), stretch.end);
                bytes.splice(end..end, copy);
            }
            Self::Swap { one, other } => {
                let (one, other) = (place(*one), place(*other));
                bytes.swap(one, other);
            }
            Self::Cut { at } => {
                let at = place(*at);
                bytes.truncate(at);
            }
        }
    }
}

impl Word {
    fn bytes(self) -> [u8; 4] {
        match self {
            Self::Zero => [0; 4],
            Self::One => [0, 0, 0, 1],
            Self::Ones => [0xff; 4],
            Self::Half => [0x7f, 0xff, 0xff, 0xff],
        }
    }
}
