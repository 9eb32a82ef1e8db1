//! Orders, and places on a line.

/// Names as people count: `ns9` before `ns10`.
pub(super) fn as_counted(name: &str) -> (Vec<(String, u64)>, String) {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits_at = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (text, tail) = rest.split_at(digits_at);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (digits, tail) = tail.split_at(end);
        parts.push((text.to_owned(), digits.parse().unwrap_or(u64::MAX)));
        rest = tail;
    }
    (parts, name.to_owned())
}

/// Where the middles of these (wanted middle, length) go, so that they keep their order and `gap` between them, and are
/// least far from where they want to be in all (by the square; neighbours in each other's way share the difference).
pub(super) fn spread(wanted: &[(f32, f32)], gap: f32) -> Vec<f32> {
    // Where the middle of each would be if all stood close together, from the left.
    let mut offsets = Vec::with_capacity(wanted.len());
    let mut edge = 0.0;
    for (_, length) in wanted {
        offsets.push(edge + length / 2.0);
        edge += length + gap;
    }
    // Then what is wanted may only grow: runs that do not are given their mean.
    let mut runs: Vec<(f32, usize)> = Vec::new();
    for ((middle, _), offset) in wanted.iter().zip(&offsets) {
        runs.push((middle - offset, 1));
        while let [.., (one, a), (other, b)] = runs[..]
            && other <= one
        {
            runs.truncate(runs.len() - 2);
            let mean = (one * a as f32 + other * b as f32) / (a + b) as f32;
            runs.push((mean, a + b));
        }
    }
    let shifts = runs.into_iter().flat_map(|(shift, count)| std::iter::repeat_n(shift, count));
    shifts.zip(offsets).map(|(shift, offset)| shift + offset).collect()
}

pub(super) fn mean(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count != 0).then(|| sum / count as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted() {
        let mut names = ["ns10", "ns9", "b", "ns1", "ns", "7", "ns9a"];
        names.sort_by_key(|name| as_counted(name));
        assert_eq!(names, ["7", "b", "ns1", "ns9", "ns9a", "ns10", "ns"]);
    }

    #[test]
    fn what_is_not_in_the_way_stays_and_the_others_share() {
        assert_eq!(spread(&[(0.0, 10.0), (100.0, 10.0)], 5.0), [0.0, 100.0]);
        assert_eq!(spread(&[(50.0, 10.0), (50.0, 10.0)], 10.0), [40.0, 60.0]);
        assert_eq!(
            spread(&[(0.0, 10.0), (50.0, 10.0), (50.0, 10.0), (50.0, 10.0)], 10.0),
            [0.0, 30.0, 50.0, 70.0]
        );
        assert!(spread(&[], 1.0).is_empty());
    }
}
