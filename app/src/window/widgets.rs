//! Small parts that know neither state nor commands.

pub mod chip;
pub mod choice;
pub mod entry;
pub mod icon;
pub mod key_cap;
pub mod lettering;
pub mod menu_item;
pub mod push;
pub mod row;
pub mod rows;
pub mod section;
pub mod segmented;
pub mod toggle;
