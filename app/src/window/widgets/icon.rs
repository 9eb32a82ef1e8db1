//! Icons, painted with strokes, so that no font has to have them.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Pointer,
    Room,
    Switch,
    Router,
    Cable,
    Play,
    Pause,
    Stop,
    Record,
    ToBeginning,
    Back,
    Forward,
    ToEnd,
    Loop,
    Follow,
    Plus,
    Minus,
    /// Arrows into corners.
    Fit,
    Cross,
    Up,
    Down,
    Folder,
    Page,
    Copy,
    Check,
    /// Three dots.
    More,
    Warning,
}

/// Paints `icon` into the middle of `rect`, as large as its shorter side.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, colour: Color32) {
    let brush = Brush { painter, rect, colour };
    match icon {
        Icon::Pointer | Icon::Room | Icon::Switch | Icon::Router | Icon::Cable => brush.tool(icon),
        Icon::Play
        | Icon::Pause
        | Icon::Stop
        | Icon::Record
        | Icon::ToBeginning
        | Icon::Back
        | Icon::Forward
        | Icon::ToEnd
        | Icon::Loop
        | Icon::Follow => brush.player(icon),
        Icon::Plus
        | Icon::Minus
        | Icon::Fit
        | Icon::Cross
        | Icon::Up
        | Icon::Down
        | Icon::Folder
        | Icon::Page
        | Icon::Copy
        | Icon::Check
        | Icon::More
        | Icon::Warning => brush.sign(icon),
    }
}

struct Brush<'a> {
    painter: &'a Painter,
    rect: Rect,
    colour: Color32,
}

impl Brush<'_> {
    /// From a square of 24 × 24.
    fn at(&self, x: f32, y: f32) -> Pos2 {
        let side = self.rect.width().min(self.rect.height());
        self.rect.center() + vec2(x - 12.0, y - 12.0) * (side / 24.0)
    }

    fn scaled(&self, length: f32) -> f32 {
        length * self.rect.width().min(self.rect.height()) / 24.0
    }

    fn stroke(&self) -> Stroke {
        Stroke::new(self.scaled(1.8).max(1.2), self.colour)
    }

    fn line(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        self.painter.add(Shape::line(points, self.stroke()));
    }

    fn fill(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|(x, y)| self.at(*x, *y)).collect();
        self.painter.add(Shape::convex_polygon(points, self.colour, Stroke::NONE));
    }

    fn frame(&self, from: (f32, f32), to: (f32, f32), radius: f32) {
        let rect = Rect::from_min_max(self.at(from.0, from.1), self.at(to.0, to.1));
        self.painter.rect_stroke(rect, self.scaled(radius), self.stroke(), StrokeKind::Middle);
    }

    fn solid(&self, from: (f32, f32), to: (f32, f32), radius: f32) {
        let rect = Rect::from_min_max(self.at(from.0, from.1), self.at(to.0, to.1));
        self.painter.rect_filled(rect, self.scaled(radius), self.colour);
    }

    fn ring(&self, x: f32, y: f32, radius: f32) {
        self.painter.circle_stroke(self.at(x, y), self.scaled(radius), self.stroke());
    }

    fn dot(&self, x: f32, y: f32, radius: f32) {
        self.painter.circle_filled(self.at(x, y), self.scaled(radius), self.colour);
    }

    fn tool(&self, icon: Icon) {
        match icon {
            Icon::Pointer => {
                self.fill(&[(7.0, 3.0), (18.5, 13.5), (12.0, 14.0), (7.0, 18.5)]);
                self.fill(&[(10.4, 13.0), (12.6, 12.2), (15.6, 19.4), (13.2, 20.4)]);
            }
            Icon::Room => {
                self.frame((2.5, 4.0), (21.5, 20.0), 3.5);
                self.line(&[(2.5, 9.5), (21.5, 9.5)]);
            }
            Icon::Switch => {
                self.frame((1.0, 7.5), (23.0, 16.5), 3.0);
                for x in [5.2, 9.0, 12.8, 16.6] {
                    self.solid((x, 10.8), (x + 2.2, 13.2), 0.4);
                }
            }
            Icon::Router => {
                self.ring(12.0, 12.0, 9.5);
                self.line(&[(12.0, 6.5), (12.0, 17.5)]);
                self.line(&[(6.5, 12.0), (17.5, 12.0)]);
            }
            _ => {
                let curve = (0..=16).map(|i| i as f32 / 16.0).map(|t| {
                    let ease = t * t * (3.0 - 2.0 * t);
                    self.at(3.5 + 17.0 * t, 18.0 - 12.0 * ease)
                });
                self.painter.add(Shape::line(curve.collect(), self.stroke()));
                self.dot(3.5, 18.0, 2.4);
                self.dot(20.5, 6.0, 2.4);
            }
        }
    }

    fn player(&self, icon: Icon) {
        match icon {
            Icon::Play => self.fill(&[(7.0, 4.0), (19.0, 12.0), (7.0, 20.0)]),
            Icon::Forward => self.fill(&[(7.0, 5.0), (18.0, 12.0), (7.0, 19.0)]),
            Icon::Back => self.fill(&[(17.0, 5.0), (17.0, 19.0), (6.0, 12.0)]),
            Icon::Pause => {
                self.solid((5.5, 4.5), (10.0, 19.5), 0.8);
                self.solid((14.0, 4.5), (18.5, 19.5), 0.8);
            }
            Icon::Stop => self.solid((5.0, 5.0), (19.0, 19.0), 1.0),
            Icon::Record => self.dot(12.0, 12.0, 7.5),
            Icon::ToBeginning => {
                self.solid((4.0, 5.0), (6.6, 19.0), 0.5);
                self.fill(&[(19.5, 5.0), (19.5, 19.0), (7.6, 12.0)]);
            }
            Icon::ToEnd => {
                self.solid((17.4, 5.0), (20.0, 19.0), 0.5);
                self.fill(&[(4.5, 5.0), (16.4, 12.0), (4.5, 19.0)]);
            }
            Icon::Loop => {
                self.line(&[(17.0, 7.0), (7.5, 7.0), (4.0, 10.5), (4.0, 13.0)]);
                self.line(&[(7.0, 17.0), (16.5, 17.0), (20.0, 13.5), (20.0, 11.0)]);
                self.fill(&[(16.0, 3.2), (21.0, 7.0), (16.0, 10.8)]);
                self.fill(&[(8.0, 13.2), (8.0, 20.8), (3.0, 17.0)]);
            }
            _ => {
                self.dot(12.0, 12.0, 3.2);
                self.ring(12.0, 12.0, 8.5);
            }
        }
    }

    fn sign(&self, icon: Icon) {
        match icon {
            Icon::Plus => {
                self.line(&[(12.0, 5.0), (12.0, 19.0)]);
                self.line(&[(5.0, 12.0), (19.0, 12.0)]);
            }
            Icon::Minus => self.line(&[(5.0, 12.0), (19.0, 12.0)]),
            Icon::Fit => {
                for (x, y) in [(4.0, 4.0), (20.0, 4.0), (4.0, 20.0), (20.0, 20.0)] {
                    let inward = |from: f32| if from < 12.0 { from + 5.5 } else { from - 5.5 };
                    self.line(&[(inward(x), y), (x, y), (x, inward(y))]);
                }
            }
            Icon::Cross => {
                self.line(&[(6.5, 6.5), (17.5, 17.5)]);
                self.line(&[(17.5, 6.5), (6.5, 17.5)]);
            }
            Icon::Up => self.line(&[(6.0, 14.5), (12.0, 8.5), (18.0, 14.5)]),
            Icon::Down => self.line(&[(6.0, 9.5), (12.0, 15.5), (18.0, 9.5)]),
            Icon::Folder => self.line(&[
                (3.0, 6.0),
                (9.0, 6.0),
                (11.0, 8.5),
                (21.0, 8.5),
                (21.0, 19.0),
                (3.0, 19.0),
                (3.0, 6.0),
            ]),
            Icon::Page => {
                self.line(&[(6.0, 3.5), (14.0, 3.5), (18.5, 8.0), (18.5, 20.5), (6.0, 20.5), (6.0, 3.5)]);
                self.line(&[(14.0, 3.5), (14.0, 8.0), (18.5, 8.0)]);
            }
            Icon::Copy => {
                self.frame((8.5, 8.5), (19.5, 20.0), 2.0);
                self.line(&[(15.0, 4.5), (6.0, 4.5), (4.8, 5.7), (4.8, 16.0)]);
            }
            Icon::Check => self.line(&[(5.0, 12.5), (10.0, 17.5), (19.0, 7.0)]),
            Icon::More => {
                for x in [5.0, 12.0, 19.0] {
                    self.dot(x, 12.0, 1.8);
                }
            }
            _ => {
                self.line(&[(12.0, 3.5), (21.5, 20.0), (2.5, 20.0), (12.0, 3.5)]);
                self.line(&[(12.0, 9.5), (12.0, 14.5)]);
                self.dot(12.0, 17.2, 1.1);
            }
        }
    }
}

/// A square of `side` points whose middle is `center`.
pub fn square(center: Pos2, side: f32) -> Rect {
    Rect::from_center_size(pos2(center.x, center.y), vec2(side, side))
}
