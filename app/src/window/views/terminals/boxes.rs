//! Lines and blocks (U+2500 to U+259F), drawn to the edges of their cells: fonts leave gaps between lines.

use egui::{Color32, Mesh, Pos2, Rect, Shape, Vec2, pos2, vec2};

/// For U+2500 to U+257F what goes up, right, down and left: 0 nothing, 1 light, 2 heavy, 3 double. `d` and a number of
/// dashes stand before a weight and a direction (h or v); `a` is a bow; `x` are diagonals.
const LINES: &str = "\
0101 0202 1010 2020 d31h d32h d31v d32v d41h d42h d41v d42v 0110 0210 0120 0220 \
0011 0012 0021 0022 1100 1200 2100 2200 1001 1002 2001 2002 1110 1210 2110 1120 \
2120 2210 1220 2220 1011 1012 2011 1021 2021 2012 1022 2022 0111 0112 0211 0212 \
0121 0122 0221 0222 1101 1102 1201 1202 2101 2102 2201 2202 1111 1112 1211 1212 \
2111 1121 2121 2112 2211 1122 1221 2212 1222 2122 2221 2222 d21h d22h d21v d22v \
0303 3030 0310 0130 0330 0013 0031 0033 1300 3100 3300 1003 3001 3003 1310 3130 \
3330 1013 3031 3033 0313 0131 0333 1303 3101 3303 1313 3131 3333 a110 a011 a001 \
a100 x001 x010 x011 0001 1000 0100 0010 0002 2000 0200 0020 0201 1020 0102 2010";

pub fn is_drawn(c: char) -> bool {
    ('\u{2500}'..='\u{259f}').contains(&c)
}

/// Those that pictures are made of.
pub fn is_block(c: char) -> bool {
    ('\u{2580}'..='\u{259f}').contains(&c)
}

/// Where it goes: straight edges into the mesh, everything else as shapes.
pub struct Brush<'a> {
    pub mesh: &'a mut Mesh,
    pub shapes: &'a mut Vec<Shape>,
    /// Points of a pixel.
    pub pixel: f32,
}

/// Draws one into its cell, whose corners are on whole pixels.
pub fn paint(brush: &mut Brush<'_>, cell: Rect, c: char, ink: Color32) {
    if is_block(c) {
        return block(brush, cell, c, ink);
    }
    let index = (c as usize).saturating_sub(0x2500);
    let Some(code) = LINES.split_ascii_whitespace().nth(index).map(str::as_bytes) else { return };
    let pen = Pen::of(cell, brush.pixel);
    match code {
        [b'd', number, weight, direction] => {
            dashes(brush, &pen, number - b'0', weight - b'0', *direction == b'h', ink);
        }
        [b'a', ..] => bow(brush, &pen, c, ink),
        [b'x', _, falls, rises] => diagonals(brush, &pen, (*falls == b'1', *rises == b'1'), ink),
        [up, right, down, left] => {
            let arms = [up, right, down, left].map(|weight| weight - b'0');
            for direction in 0..4 {
                arm(brush, &pen, arms, direction, ink);
            }
        }
        _ => {}
    }
}

/// Measures of a cell's lines, in points on whole pixels.
struct Pen {
    cell: Rect,
    /// The middle of the lines.
    middle: Pos2,
    /// Half of a light line.
    half: f32,
    /// From the middle to each line of a double one.
    apart: f32,
}

impl Pen {
    fn of(cell: Rect, pixel: f32) -> Self {
        let light = (cell.width() / 8.0 / pixel).round().max(1.0) * pixel;
        let middle =
            |from: f32, length: f32| from + (((length - light) / 2.0) / pixel).floor() * pixel + light / 2.0;
        let apart = (cell.width() * 0.2 / pixel).round().max(1.0) * pixel;
        let at = pos2(middle(cell.left(), cell.width()), middle(cell.top(), cell.height()));
        Self { cell, middle: at, half: light / 2.0, apart: apart.max(light) }
    }

    fn half_of(&self, weight: u8) -> f32 {
        match weight {
            0 => 0.0,
            2 => 3.0 * self.half,
            _ => self.half,
        }
    }
}

/// One of four, clockwise from above.
fn arm(brush: &mut Brush<'_>, pen: &Pen, arms: [u8; 4], direction: usize, ink: Color32) {
    let weight = arms[direction];
    if weight == 0 {
        return;
    }
    let out: Vec2 = [vec2(0.0, -1.0), vec2(1.0, 0.0), vec2(0.0, 1.0), vec2(-1.0, 0.0)][direction];
    // Towards the right and towards the bottom.
    let aside = vec2(out.y.abs(), out.x.abs());
    let beside = if out.x == 0.0 { [arms[3], arms[1]] } else { [arms[0], arms[2]] };
    let length = match direction {
        0 => pen.middle.y - pen.cell.top(),
        1 => pen.cell.right() - pen.middle.x,
        2 => pen.cell.bottom() - pen.middle.y,
        _ => pen.middle.x - pen.cell.left(),
    };
    let sides: &[f32] = if weight == 3 { &[-1.0, 1.0] } else { &[0.0] };
    for &side in sides {
        let from = begin(pen, arms[(direction + 2) % 4], beside, side);
        let half = pen.half_of(weight);
        let line = pen.middle + aside * (side * pen.apart);
        let (start, end) = (line + out * from, line + out * length);
        let rect = Rect::from_two_pos(start - aside * half, end + aside * half);
        brush.mesh.add_colored_rect(rect, ink);
    }
}

/// How far from the middle a line begins, outwards; negative: it goes on beyond the middle, to join what is there.
fn begin(pen: &Pen, opposite: u8, beside: [u8; 2], side: f32) -> f32 {
    let [low, high] = beside;
    if low != 3 && high != 3 {
        return -pen.half_of(low).max(pen.half_of(high)).max(pen.half);
    }
    let (near, far) = (pen.apart - pen.half, -pen.apart - pen.half);
    let on_this_side = if side < 0.0 { low } else { high };
    match () {
        () if side == 0.0 && opposite != 0 => -pen.half,
        () if side == 0.0 && low != 0 && high != 0 => near,
        () if side == 0.0 => far,
        () if on_this_side == 3 => near,
        () if opposite != 0 => -pen.half,
        () => far,
    }
}

fn dashes(brush: &mut Brush<'_>, pen: &Pen, number: u8, weight: u8, is_level: bool, ink: Color32) {
    let half = pen.half_of(weight);
    let length = if is_level { pen.cell.width() } else { pen.cell.height() };
    let step = length / f32::from(number);
    let gap = (step * 0.35 / brush.pixel).round().max(1.0) * brush.pixel;
    for dash in 0..number {
        let snapped = |at: f32| (at / brush.pixel).round() * brush.pixel;
        let (from, to) = (snapped(f32::from(dash) * step), snapped(f32::from(dash + 1) * step) - gap);
        let rect = if is_level {
            let (left, y) = (pen.cell.left(), pen.middle.y);
            Rect::from_min_max(pos2(left + from, y - half), pos2(left + to, y + half))
        } else {
            let (x, top) = (pen.middle.x, pen.cell.top());
            Rect::from_min_max(pos2(x - half, top + from), pos2(x + half, top + to))
        };
        brush.mesh.add_colored_rect(rect, ink);
    }
}

/// A round corner between two straight ends.
fn bow(brush: &mut Brush<'_>, pen: &Pen, c: char, ink: Color32) {
    let (cell, middle) = (pen.cell, pen.middle);
    let (x, y) = match c {
        '╭' => (cell.right(), cell.bottom()),
        '╮' => (cell.left(), cell.bottom()),
        '╯' => (cell.left(), cell.top()),
        _ => (cell.right(), cell.top()),
    };
    let radius = (x - middle.x).abs().min((y - middle.y).abs());
    let turn = pos2(middle.x + radius.copysign(x - middle.x), middle.y + radius.copysign(y - middle.y));
    let mut points = vec![pos2(middle.x, y)];
    const STEPS: u8 = 8;
    for step in 0..=STEPS {
        let angle = f32::from(step) / f32::from(STEPS) * std::f32::consts::FRAC_PI_2;
        let from_turn = vec2((middle.x - turn.x) * angle.cos(), (middle.y - turn.y) * angle.sin());
        points.push(turn + from_turn);
    }
    points.push(pos2(x, middle.y));
    brush.shapes.push(Shape::line(points, egui::Stroke::new(2.0 * pen.half, ink)));
}

fn diagonals(brush: &mut Brush<'_>, pen: &Pen, (falls, rises): (bool, bool), ink: Color32) {
    let stroke = egui::Stroke::new(2.0 * pen.half, ink);
    let cell = pen.cell;
    if falls {
        brush.shapes.push(Shape::line_segment([cell.left_top(), cell.right_bottom()], stroke));
    }
    if rises {
        brush.shapes.push(Shape::line_segment([cell.left_bottom(), cell.right_top()], stroke));
    }
}

fn block(brush: &mut Brush<'_>, cell: Rect, c: char, ink: Color32) {
    let code = c as u32;
    let mut fill = |left: f32, top: f32, right: f32, bottom: f32, ink: Color32| {
        let snapped =
            |from: f32, length: f32, share: f32| from + (length * share / brush.pixel).round() * brush.pixel;
        let x = |share| snapped(cell.left(), cell.width(), share);
        let y = |share| snapped(cell.top(), cell.height(), share);
        let rect = Rect::from_min_max(pos2(x(left), y(top)), pos2(x(right), y(bottom)));
        brush.mesh.add_colored_rect(rect, ink);
    };
    let eighths = |from: u32| (code - from) as f32 / 8.0;
    match code {
        0x2580 => fill(0.0, 0.0, 1.0, 0.5, ink),
        0x2581..=0x2588 => fill(0.0, 1.0 - eighths(0x2580), 1.0, 1.0, ink),
        0x2589..=0x258f => fill(0.0, 0.0, 1.0 - eighths(0x2588), 1.0, ink),
        0x2590 => fill(0.5, 0.0, 1.0, 1.0, ink),
        0x2591..=0x2593 => fill(0.0, 0.0, 1.0, 1.0, ink.gamma_multiply((code - 0x2590) as f32 / 4.0)),
        0x2594 => fill(0.0, 0.0, 1.0, 0.125, ink),
        0x2595 => fill(0.875, 0.0, 1.0, 1.0, ink),
        _ => {
            // Upper left, upper right, lower left, lower right.
            const QUARTERS: [u8; 10] =
                [0b0010, 0b0001, 0b1000, 0b1011, 0b1001, 0b1110, 0b1101, 0b0100, 0b0110, 0b0111];
            let quarters = QUARTERS.get((code - 0x2596) as usize).copied().unwrap_or(0);
            for (bit, left, top) in
                [(0b1000, 0.0, 0.0), (0b0100, 0.5, 0.0), (0b0010, 0.0, 0.5), (0b0001, 0.5, 0.5)]
            {
                if quarters & bit != 0 {
                    fill(left, top, left + 0.5, top + 0.5, ink);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(c: char) -> (Mesh, Vec<Shape>) {
        let (mut mesh, mut shapes) = (Mesh::default(), Vec::new());
        let cell = Rect::from_min_size(pos2(16.0, 17.0), vec2(8.0, 17.0));
        paint(&mut Brush { mesh: &mut mesh, shapes: &mut shapes, pixel: 1.0 }, cell, c, Color32::GRAY);
        (mesh, shapes)
    }

    #[test]
    fn every_sign_is_drawn_within_its_cell() {
        assert_eq!(LINES.split_ascii_whitespace().count(), 0x80);
        let cell = Rect::from_min_size(pos2(16.0, 17.0), vec2(8.0, 17.0));
        for c in '\u{2500}'..='\u{259f}' {
            let (mesh, shapes) = drawn(c);
            assert!(!mesh.is_empty() || !shapes.is_empty(), "{c}");
            for vertex in &mesh.vertices {
                assert!(cell.contains(vertex.pos), "{c}: {:?}", vertex.pos);
                assert_eq!(vertex.pos, vertex.pos.round(), "{c} is drawn on whole pixels");
            }
        }
    }

    #[test]
    fn lines_reach_the_edges_that_they_lead_to() {
        let reach = |c: char| {
            let (mesh, _) = drawn(c);
            let bounds = mesh.calc_bounds();
            [bounds.top() == 17.0, bounds.right() == 24.0, bounds.bottom() == 34.0, bounds.left() == 16.0]
        };
        let codes = LINES.split_ascii_whitespace();
        for (c, code) in ('\u{2500}'..='\u{257f}').zip(codes) {
            if code.bytes().all(|digit| digit.is_ascii_digit()) {
                let leads: Vec<bool> = code.bytes().map(|weight| weight != b'0').collect();
                assert_eq!(reach(c).to_vec(), leads, "{c}");
            }
        }
    }
}
