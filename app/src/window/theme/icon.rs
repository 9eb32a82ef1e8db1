//! Pictures for buttons, as text: proportional text shows them, and [`super::Theme::icons`] is their own font.
//!
//! A button that has nothing but a picture needs an accessible name of its own.

use egui_material_icons::icons as material;

macro_rules! icons {
    ($($name:ident = $source:ident),* $(,)?) => {
        $(pub const $name: &str = material::$source.codepoint;)*
        /// All of them, for a test.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

icons! {
    PLAY = ICON_PLAY_ARROW,
    PAUSE = ICON_PAUSE,
    SKIP_PREVIOUS = ICON_SKIP_PREVIOUS,
    SKIP_NEXT = ICON_SKIP_NEXT,
    STEP_BACK = ICON_CHEVRON_LEFT,
    STEP_FORWARD = ICON_CHEVRON_RIGHT,
    FAST_FORWARD = ICON_FAST_FORWARD,
    SPEED = ICON_SPEED,
    RECORD = ICON_FIBER_MANUAL_RECORD,
    STOP = ICON_STOP,
    UNDO = ICON_UNDO,
    REDO = ICON_REDO,
    ZOOM_IN = ICON_ZOOM_IN,
    ZOOM_OUT = ICON_ZOOM_OUT,
    FIT = ICON_FIT_SCREEN,
    SELECT = ICON_ARROW_SELECTOR_TOOL,
    NAMESPACE = ICON_ADD_BOX,
    SWITCH = ICON_SETTINGS_ETHERNET,
    ROUTER = ICON_ROUTER,
    CABLE = ICON_CABLE,
    ADD = ICON_ADD,
    REMOVE = ICON_REMOVE,
    BOLT = ICON_BOLT,
    PING = ICON_NETWORK_PING,
    SEARCH = ICON_SEARCH,
    FILTER = ICON_FILTER_ALT,
    CLOSE = ICON_CLOSE,
    MORE = ICON_MORE_VERT,
    MORE_HORIZONTAL = ICON_MORE_HORIZ,
    EXPAND = ICON_EXPAND_MORE,
    COLLAPSE = ICON_EXPAND_LESS,
    WARNING = ICON_WARNING,
    ERROR = ICON_ERROR,
    INFO = ICON_INFO,
    CHECK = ICON_CHECK,
    FOLDER = ICON_FOLDER_OPEN,
    FILE = ICON_DESCRIPTION,
    SAVE = ICON_SAVE,
    HOME = ICON_HOME,
    UP = ICON_ARROW_UPWARD,
    HELP = ICON_HELP,
    KEYBOARD = ICON_KEYBOARD,
    LIGHT = ICON_LIGHT_MODE,
    DARK = ICON_DARK_MODE,
    PROJECTOR = ICON_CO_PRESENT,
    LOOP = ICON_REPEAT,
    FOLLOW = ICON_MY_LOCATION,
    BOOKMARK = ICON_BOOKMARK,
    COMMENT = ICON_COMMENT,
    COPY = ICON_CONTENT_COPY,
    DELETE = ICON_DELETE,
    EDIT = ICON_EDIT,
    VISIBLE = ICON_VISIBILITY,
    HIDDEN = ICON_VISIBILITY_OFF,
    TERMINAL = ICON_TERMINAL,
    SETTINGS = ICON_SETTINGS,
}
