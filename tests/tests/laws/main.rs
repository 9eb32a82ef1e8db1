//! The laws of the house, as far as a test can see them; ARCHITECTURE.md tells them to people.
//! Each law that fails says why it exists, and where it is broken.

mod dependencies;
mod order;
mod purity;
mod readme;
mod scan;
mod size;
mod source;
mod words;

/// Fails with the reason of the law and every place that breaks it.
#[track_caller]
fn uphold(why: &str, broken: &[String]) {
    assert!(
        broken.is_empty(),
        "\nWhy this law exists: {why}\nWhere it is broken:\n  {}\n",
        broken.join("\n  ")
    );
}
