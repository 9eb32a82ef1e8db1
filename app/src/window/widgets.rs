//! Small parts that know neither state nor commands.
