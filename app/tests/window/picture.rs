//! A renderer for `egui_kittest` that needs no GPU.

use egui_kittest::TestRenderer;
use hopscope::window::raster::Raster;

#[derive(Default)]
pub struct Pictures(Raster);

impl TestRenderer for Pictures {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.update(delta);
    }

    fn render(
        &mut self,
        context: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let primitives = context.tessellate(output.shapes.clone(), scale);
        let size = context.content_rect().size() * scale;
        let size = [size.x.round() as usize, size.y.round() as usize];
        let picture = self.0.paint(size, scale, egui::Color32::BLACK, &primitives);
        let bytes = picture.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
        image::RgbaImage::from_raw(size[0] as u32, size[1] as u32, bytes)
            .ok_or_else(|| "the picture has another size than it says".into())
    }
}

#[test]
fn a_picture_is_made() {
    let mut harness = egui_kittest::Harness::builder()
        .with_size(egui::vec2(320.0, 120.0))
        .renderer(Pictures::default())
        .build_ui(|ui| {
            ui.heading("Hopscope");
            let _ = ui.button("Ping");
            ui.label("who has 10.10.0.2? tell 10.10.0.1");
        });
    harness.run();
    let picture = harness.render().expect("a picture");
    let colours: std::collections::BTreeSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
    assert!(20 < colours.len(), "text has soft edges, so there are many shades: {}", colours.len());
}
