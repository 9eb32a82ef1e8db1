//! The engine, the command line, and later the window.
