//! egui's own widgets in our colours: calm, flat, raised by one surface and one line.

use egui::{
    Color32, CornerRadius, FontFamily, Margin, Shadow, Stroke, Style, TextStyle, Visuals, style, vec2,
};

use super::{Theme, fonts, space, text, time};

pub(super) fn of(theme: &Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), ..Style::default() };
    let sized = |size: f32, family: FontFamily| egui::FontId::new(size * theme.text_scale, family);
    style.text_styles = [
        (TextStyle::Small, sized(text::SMALL, FontFamily::Proportional)),
        (TextStyle::Body, sized(text::BODY, FontFamily::Proportional)),
        (TextStyle::Button, sized(text::BODY, FontFamily::Proportional)),
        (TextStyle::Heading, sized(text::TITLE, fonts::semibold())),
        (TextStyle::Monospace, sized(text::SMALL, FontFamily::Monospace)),
    ]
    .into();
    style.animation_time = time::QUICK;
    style.interaction.tooltip_delay = time::TOOLTIP;
    style.interaction.selectable_labels = false;
    style.spacing.item_spacing = vec2(8.0, 4.0);
    style.spacing.window_margin = Margin::same(16);
    style.spacing.menu_margin = Margin::same(4);
    style.spacing.button_padding = vec2(12.0, 4.0);
    style.spacing.interact_size = vec2(space::ROW, space::ROW) * theme.text_scale;
    style.spacing.icon_width = 16.0 * theme.text_scale;
    style.spacing.icon_width_inner = 8.0 * theme.text_scale;
    style.spacing.icon_spacing = 8.0;
    style.spacing.slider_rail_height = 4.0;
    style.spacing.tooltip_width = 360.0 * theme.text_scale;
    style.spacing.scroll = scroll_bars();
    style
}

/// Thin, over the contents, and wider under the pointer.
fn scroll_bars() -> style::ScrollStyle {
    style::ScrollStyle {
        bar_width: 8.0,
        floating_width: 4.0,
        floating_allocated_width: 8.0,
        handle_min_length: 24.0,
        dormant_background_opacity: 0.0,
        dormant_handle_opacity: 0.6,
        active_background_opacity: 0.0,
        active_handle_opacity: 0.8,
        interact_background_opacity: 0.4,
        interact_handle_opacity: 1.0,
        ..style::ScrollStyle::thin()
    }
}

fn visuals(theme: &Theme) -> Visuals {
    let base = if theme.is_dark { Visuals::dark() } else { Visuals::light() };
    let corner = CornerRadius::same(space::CORNER as u8);
    let line = Stroke::new(1.0, theme.line);
    Visuals {
        weak_text_color: Some(theme.mute),
        widgets: widgets(theme),
        selection: style::Selection {
            bg_fill: theme.panel.lerp_to_gamma(theme.accent, if theme.is_dark { 0.28 } else { 0.16 }),
            stroke: Stroke::new(1.0, theme.text),
        },
        hyperlink_color: theme.accent,
        faint_bg_color: theme.raise,
        extreme_bg_color: theme.app,
        text_edit_bg_color: Some(theme.raise),
        code_bg_color: theme.raise,
        warn_fg_color: theme.warn,
        error_fg_color: theme.drop,
        window_corner_radius: CornerRadius::same(12),
        window_shadow: shadow(theme, 8, 32),
        window_fill: theme.panel,
        window_stroke: line,
        menu_corner_radius: corner,
        panel_fill: theme.panel,
        popup_shadow: shadow(theme, 4, 16),
        indent_has_left_vline: false,
        slider_trailing_fill: true,
        handle_shape: style::HandleShape::Circle,
        disabled_alpha: 0.5,
        text_cursor: style::TextCursorStyle { stroke: Stroke::new(2.0, theme.accent), ..base.text_cursor },
        ..base
    }
}

fn widgets(theme: &Theme) -> style::Widgets {
    let corner_radius = CornerRadius::same(space::CORNER as u8);
    let look = |fill: Color32, line: Color32, ink: Color32| style::WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius,
        fg_stroke: Stroke::new(1.5, ink),
        expansion: 0.0,
    };
    let pressed = theme.raise.lerp_to_gamma(theme.accent, 0.25);
    style::Widgets {
        noninteractive: look(theme.panel, theme.line, theme.text),
        inactive: look(theme.raise, theme.line, theme.text),
        hovered: look(theme.hover, theme.house_line, theme.text),
        active: look(pressed, theme.accent, theme.text),
        open: look(theme.hover, theme.house_line, theme.text),
    }
}

fn shadow(theme: &Theme, down: i8, blur: u8) -> Shadow {
    Shadow { offset: [0, down], blur, spread: 0, color: theme.shadow }
}
