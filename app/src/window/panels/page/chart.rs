//! Tables: columns as wide as what is in them, and narrower where there is not room for all.

use egui::{Color32, Rect, pos2, vec2};

use super::{pen::Pen, prose::Prose};

/// Points between what is in a cell and the cell's edge.
const PAD: egui::Vec2 = vec2(10.0, 6.0);
/// No column is narrower than this for another one's sake.
const NARROWEST: f32 = 56.0;

/// Its height.
pub fn lay_out(pen: &mut Pen<'_>, width: f32, head: &[Prose], rows: &[Vec<Prose>]) -> f32 {
    let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
    if columns == 0 {
        return 0.0;
    }
    let widths = widths(pen, width, head, rows, columns);
    let whole: f32 = widths.iter().sum();
    let card = pen.fill_later();
    let mut y = 0.0;
    let has_head = head.iter().any(|cell| !cell.job.text.is_empty());
    let head_rows = if has_head { vec![head] } else { Vec::new() };
    for (index, cells) in head_rows.into_iter().chain(rows.iter().map(Vec::as_slice)).enumerate() {
        let strip = (has_head && index == 0).then(|| pen.fill_later());
        if 0 < index {
            let line = Rect::from_min_size(pos2(0.0, y), vec2(whole, 1.0));
            pen.fill(line, pen.theme.line, Color32::TRANSPARENT, 0);
        }
        let height = row(pen, y, cells, &widths);
        if let Some(strip) = strip {
            let rect = Rect::from_min_size(pos2(1.0, y + 1.0), vec2(whole - 2.0, height - 1.0));
            pen.settle_fill(strip, rect, pen.theme.raise, Color32::TRANSPARENT, 7);
        }
        y += height;
    }
    let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(whole, y));
    pen.settle_fill(card, rect, Color32::TRANSPARENT, pen.theme.line, 8);
    y
}

fn row(pen: &mut Pen<'_>, y: f32, cells: &[Prose], widths: &[f32]) -> f32 {
    let mut x = 0.0;
    let mut height: f32 = pen.scaled(20.0);
    for (cell, width) in cells.iter().zip(widths) {
        let at = pos2(x, y) + PAD;
        let size = pen.linked(at, cell.job.clone(), cell.links.clone(), (width - 2.0 * PAD.x).ceil());
        height = height.max(size.y);
        x += width;
    }
    height + 2.0 * PAD.y
}

fn widths(pen: &Pen<'_>, width: f32, head: &[Prose], rows: &[Vec<Prose>], columns: usize) -> Vec<f32> {
    let mut wanted = vec![NARROWEST; columns];
    for cells in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        for (wide, cell) in wanted.iter_mut().zip(cells) {
            *wide = wide.max(pen.size_of(&cell.job, f32::INFINITY).x.ceil() + 2.0 * PAD.x + 1.0);
        }
    }
    fit(wanted, width)
}

/// Columns that are narrower than their share keep their width; the others share what is left.
fn fit(wanted: Vec<f32>, width: f32) -> Vec<f32> {
    let mut fitted = wanted.clone();
    let mut wide: Vec<usize> = (0..wanted.len()).collect();
    let mut room = width;
    if wanted.iter().sum::<f32>() <= width {
        return wanted;
    }
    loop {
        let share = room / wide.len().max(1) as f32;
        let Some(narrow) = wide.iter().position(|&index| wanted[index] <= share) else {
            let asked: f32 = wide.iter().map(|&index| wanted[index]).sum();
            for index in wide {
                fitted[index] = (room * wanted[index] / asked).max(NARROWEST.min(share));
            }
            return fitted;
        };
        room -= wanted[wide.remove(narrow)];
    }
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn wide_columns_give_way_to_narrow_ones() {
        assert_eq!(fit(vec![60.0, 80.0], 400.0), [60.0, 80.0]);
        let fitted = fit(vec![60.0, 900.0, 80.0], 400.0);
        assert_eq!((fitted[0], fitted[2]), (60.0, 80.0));
        assert!((fitted.iter().sum::<f32>() - 400.0).abs() < 1.0, "{fitted:?}");
        let fitted = fit(vec![600.0, 300.0], 300.0);
        assert!((fitted.iter().sum::<f32>() - 300.0).abs() < 1.0, "{fitted:?}");
        assert!(fitted[1] < fitted[0]);
    }
}
