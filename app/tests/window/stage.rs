//! The stage, painted: what can be measured on the pictures, and the pictures themselves for whoever wants to look.

use egui::{Rect, Vec2, pos2, vec2};
use hopscope::{
    model::stage::{
        camera::Camera,
        scene::{Ghost, Scene},
    },
    window::{
        paint::{paint, paint_ghost, thumbnail},
        theme,
    },
};
use image::RgbaImage;

use crate::{picture::Pictures, scenes};

const SIZE: Vec2 = vec2(1100.0, 640.0);

/// `HOPSCOPE_PICTURES=directory` keeps every picture of these tests there.
fn keep(picture: &RgbaImage, name: &str) {
    if let Some(directory) = std::env::var_os("HOPSCOPE_PICTURES") {
        let path = std::path::Path::new(&directory).join(format!("stage-{name}.png"));
        picture.save(path).expect("the directory can be written to");
    }
}

fn show(name: &str, look: (bool, bool), draw: impl FnMut(&egui::Ui, &theme::Theme)) -> RgbaImage {
    show_sized(name, SIZE, look, draw)
}

fn show_sized(
    name: &str,
    size: Vec2,
    (dark, projector): (bool, bool),
    mut draw: impl FnMut(&egui::Ui, &theme::Theme),
) -> RgbaImage {
    let mut harness =
        egui_kittest::Harness::builder().with_size(size).renderer(Pictures::default()).build_ui(move |ui| {
            theme::apply(ui.ctx(), dark, projector);
            let theme = theme::of(ui.ctx());
            ui.painter().rect_filled(ui.ctx().content_rect(), 0, theme.stage);
            draw(ui, theme);
        });
    harness.run();
    let picture = harness.render().expect("a picture");
    keep(&picture, name);
    picture
}

fn show_scene(name: &str, look: (bool, bool), scene: &Scene, camera: Camera) -> RgbaImage {
    show(name, look, |ui, theme| {
        let painter = ui.painter().with_clip_rect(ui.ctx().content_rect());
        paint(&painter, pos2(0.0, 0.0), &camera, scene, theme);
    })
}

fn zoomed(zoom: f32, middle: egui::Pos2) -> Camera {
    Camera { origin: middle - SIZE / (2.0 * zoom), zoom, is_placed: true }
}

const MIDDLE: egui::Pos2 = pos2(583.0, 331.0);
const LOOKS: [(&str, (bool, bool)); 4] = [
    ("dark", (true, false)),
    ("light", (false, false)),
    ("dark-projector", (true, true)),
    ("light-projector", (false, true)),
];

fn count(picture: &RgbaImage, color: egui::Color32) -> usize {
    picture.pixels().filter(|pixel| pixel.0[..3] == color.to_array()[..3]).count()
}

#[test]
fn the_moment_of_the_look_in_all_looks() {
    for (name, look) in LOOKS {
        let picture = show_scene(name, look, &scenes::first_question(), zoomed(1.0, MIDDLE));
        let theme = theme::look(look.0, look.1);
        assert!(300 < count(&picture, theme.arp), "{name}: a pill in its colour");
        assert!(3000 < count(&picture, theme.rooms[0].1), "{name}: a plate in its room's colour");
        assert!(10_000 < count(&picture, theme.rooms[1].0), "{name}: the other room's fill");
        assert!(100_000 < count(&picture, theme.stage), "{name}: the stage");
    }
}

#[test]
fn every_zoom() {
    for zoom in [0.3, 0.5, 0.7, 1.6, 3.0] {
        let picture = show_scene(
            &format!("zoom-{zoom}"),
            (true, false),
            &scenes::first_question(),
            zoomed(zoom, MIDDLE),
        );
        assert!(12 < count(&picture, theme::look(true, false).arp), "the frame can be seen at {zoom}");
    }
}

#[test]
fn everything_at_once() {
    for (name, look) in LOOKS {
        let camera = zoomed(0.8, pos2(583.0, 400.0));
        let picture = show_scene(&format!("everything-{name}"), look, &scenes::everything_at_once(), camera);
        let theme = theme::look(look.0, look.1);
        for (what, color) in [("accent", theme.accent), ("drop", theme.drop), ("reply", theme.reply)] {
            assert!(50 < count(&picture, color), "{name}: {what}");
        }
    }
}

#[test]
fn a_hundred_rooms_and_a_flood() {
    let scene = scenes::crowd(100, 600);
    let mut camera = Camera::default();
    camera.fit(scenes::bounds(&scene), SIZE);
    for (name, look) in &LOOKS[..2] {
        let picture = show_scene(&format!("crowd-{name}"), *look, &scene, camera);
        let theme = theme::look(look.0, look.1);
        assert!(100 < count(&picture, theme.arp), "{name}: dots in their colours");
    }
    let near = zoomed(0.7, scene.rooms[30].rect.center());
    show_scene("crowd-near", (true, false), &scene, near);
}

#[test]
fn what_a_drag_shows() {
    let ghosts = [
        Ghost::Box(Rect::from_min_max(pos2(60.0, 60.0), pos2(380.0, 360.0))),
        Ghost::Cable { from: pos2(228.0, 338.0), to: pos2(500.0, 560.0), fits: true },
        Ghost::Cable { from: pos2(938.0, 338.0), to: pos2(840.0, 600.0), fits: false },
        Ghost::Room(Rect::from_min_size(pos2(470.0, 60.0), vec2(232.0, 206.0))),
        Ghost::Switch(Rect::from_min_size(pos2(120.0, 560.0), vec2(306.0, 58.0))),
        Ghost::Guides(vec![
            (pos2(228.0, 40.0), pos2(228.0, 620.0)),
            (pos2(60.0, 235.0), pos2(1080.0, 235.0)),
        ]),
        Ghost::Moved(vec2(24.0, -8.0)),
    ];
    let camera = zoomed(1.0, MIDDLE);
    for (name, look) in &LOOKS[..2] {
        let picture = show(&format!("ghosts-{name}"), *look, |ui, theme| {
            let painter = ui.painter().with_clip_rect(ui.ctx().content_rect());
            paint(&painter, pos2(0.0, 0.0), &camera, &scenes::first_question(), theme);
            ghosts.iter().for_each(|ghost| paint_ghost(&painter, pos2(0.0, 0.0), &camera, ghost, theme));
        });
        let theme = theme::look(look.0, look.1);
        assert!(200 < count(&picture, theme.accent), "{name}: guides and outlines");
        assert!(200 < count(&picture, theme.good), "{name}: a cable that fits");
        assert!(200 < count(&picture, theme.drop), "{name}: a cable that does not");
    }
}

#[test]
fn small_pictures_of_labs() {
    let size = vec2(520.0, 160.0);
    let (one, many) = (scenes::first_question(), scenes::crowd(24, 0));
    for (name, look) in &LOOKS[..2] {
        let picture = show_sized(&format!("thumbnails-{name}"), size, *look, |ui, theme| {
            let left = Rect::from_min_size(pos2(10.0, 10.0), vec2(240.0, 140.0));
            thumbnail(ui.painter(), left, &one, theme);
            thumbnail(ui.painter(), left.translate(vec2(260.0, 0.0)), &many, theme);
        });
        let theme = theme::look(look.0, look.1);
        let outside = picture.enumerate_pixels().filter(|(x, y, _)| *x < 8 || *y < 8);
        assert!(outside.into_iter().all(|(_, _, pixel)| pixel.0[..3] == theme.stage.to_array()[..3]));
        assert!(100 < count(&picture, theme.rooms[0].1), "{name}: rooms in their colours");
    }
}

#[test]
fn nothing_is_painted_where_nothing_is_seen() {
    let far_away = zoomed(1.0, pos2(90_000.0, 90_000.0));
    let theme = theme::look(true, false);
    let picture = show_scene("nothing", (true, false), &scenes::everything_at_once(), far_away);
    assert_eq!(count(&picture, theme.arp) + count(&picture, theme.text), 0);
    show_scene("empty", (true, false), &Scene::default(), zoomed(1.0, MIDDLE));
}
