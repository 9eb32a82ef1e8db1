//! What is remembered from one start to the next.

use std::{collections::BTreeSet, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::Pane;

/// What is remembered from one start to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    pub dark: bool,
    pub projector: bool,
    pub scale: f32,
    pub hidden: BTreeSet<Side>,
    pub pane: Pane,
    pub recent: Vec<PathBuf>,
    /// Width and height of the window in points.
    pub window: Option<(f32, f32)>,
    /// Of the open tutorial, in points.
    pub page_width: Option<f32>,
    /// How the panels are docked, as the window wrote it.
    pub dock: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dark: true,
            projector: false,
            scale: 1.0,
            hidden: BTreeSet::new(),
            pane: Pane::default(),
            recent: Vec::new(),
            window: None,
            page_width: None,
            dock: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Tools,
    Inspector,
    Below,
}
