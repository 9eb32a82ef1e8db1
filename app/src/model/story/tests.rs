//! Stories made up from frames, and laws for any.
