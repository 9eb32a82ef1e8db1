//! The window: egui draws the state, and turns what a person does into commands.
//!
//! `panels` and `views` take `&State`, draw, and push `Command`s; they do not know each other. `widgets` know
//! neither state nor commands. `theme` is the one place for colours, sizes and durations.

pub mod app;
mod docks;
mod frame_log;
pub mod paint;
pub mod panels;
pub mod raster;
mod shortcuts;
pub mod stage;
pub mod theme;
pub mod views;
pub mod widgets;

use eframe::glow::HasContext as _;

use crate::{
    desk::settings,
    model::{command::File, state::Settings},
};

/// Points; what fits on a classroom's projector.
const FIRST_SIZE: (f32, f32) = (1440.0, 900.0);
const LEAST_SIZE: [f32; 2] = [800.0, 520.0];

/// Opens the window, and returns when it is closed. The error is for people, with what mends it.
pub fn open(first: File) -> Result<(), String> {
    let settings: Settings =
        settings::load().and_then(|text| toml_edit::de::from_str::<Settings>(&text).ok()).unwrap_or_default();
    let (width, height) = settings.window.unwrap_or(FIRST_SIZE);
    let viewport = egui::ViewportBuilder::default()
        .with_title("Hopscope")
        .with_app_id("hopscope")
        .with_inner_size([width, height])
        .with_min_inner_size(LEAST_SIZE);
    // Without dithering, software GL draws half as many frames again.
    let options = eframe::NativeOptions { viewport, dithering: false, ..Default::default() };
    let create: eframe::AppCreator<'_> = Box::new(|creation| {
        let app = app::App::new(&creation.egui_ctx, settings, first);
        Ok(Box::new(app.drawn_by_software(is_software(creation))))
    });
    eframe::run_native("Hopscope", options, create).map_err(|error| display_trouble(&error.to_string()))
}

/// Whether the processor draws: Mesa's and SwiftShader's names for that.
fn is_software(creation: &eframe::CreationContext<'_>) -> bool {
    let Some(gl) = &creation.gl else { return false };
    // SAFETY: eframe hands over a context that is current on this thread, and the query has no other conditions.
    let name = unsafe { gl.get_parameter_string(eframe::glow::RENDERER) }.to_lowercase();
    ["llvmpipe", "softpipe", "swrast", "swiftshader"].iter().any(|software| name.contains(software))
}

/// What is most likely missing, in words that mend it.
fn display_trouble(error: &str) -> String {
    let packages = "libgl1 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0";
    format!(
        "the window could not be opened: {error}\n\
         On Debian and Ubuntu this helps most often: sudo apt-get install {packages}\n\
         Without a display, `hopscope run LAB` and `hopscope show FILE` do the same in text"
    )
}
