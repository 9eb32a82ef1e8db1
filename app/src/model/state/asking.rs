//! What the person is being asked, or is typing into.

use std::path::PathBuf;

use ipnet::IpNet;
use topology::{NamespaceName, Place};

use crate::model::{
    act::Item,
    command::{File, FolderEntry},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    Open,
    SaveLab,
    SaveScript,
    SaveRecording,
    CommandPalette,
    Keys,
    About,
    /// A probe with all its fields, from here to there where known.
    Probe {
        from: Option<NamespaceName>,
        to: Option<NamespaceName>,
    },
    Caption,
    Refusal,
    /// Something unsaved would be lost by this.
    Unsaved(Box<File>),
    /// Something unsaved would be lost by leaving.
    Quit,
}

/// What is being typed on the stage itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InPlace {
    Name(Item),
    /// `None`: a new one.
    Address {
        at: Place,
        was: Option<IpNet>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub path: PathBuf,
    pub entries: Vec<FolderEntry>,
    pub trouble: Option<String>,
}
