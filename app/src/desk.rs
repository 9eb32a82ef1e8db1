//! Does what the state asked for: engine, captures, files. On threads, so that the window never waits;
//! what comes of it is news.
