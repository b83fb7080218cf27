//! Reads our own SVG back as an XML document and paints it, independently of the renderer that wrote it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Stroke, Transform};

/// The SVG as a picture `scale` pixels a unit. Panics where the SVG is not well formed or uses what this doesn't know.
pub fn picture(svg: &str, width: u32, height: u32, scale: f32) -> Pixmap {
    let mut pixmap = Pixmap::new(width, height).expect("a picture");
    pixmap.fill(Color::WHITE);
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    // Where each open element has its origin.
    let mut open = vec![(0.0, 0.0)];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(element) => open.push(moved(*open.last().expect("inside the picture"), &element)),
            Event::End(_) => drop(open.pop()),
            Event::Empty(element) if element.name().as_ref() == "path" => {
                let (x, y) = *open.last().expect("inside the picture");
                paint(&element, Transform::from_translate(x, y).post_scale(scale, scale), &mut pixmap);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "every element is closed");
    pixmap
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let found = element.attributes().map(|attribute| attribute.expect("a well-formed attribute")).find(|a| a.key.as_ref() == name);
    found.map(|attribute| attribute.value.into_owned())
}

/// The origin within an element.
fn moved((x, y): (f32, f32), element: &BytesStart) -> (f32, f32) {
    let Some(transform) = attribute(element, "transform") else { return (x, y) };
    let numbers = transform.strip_prefix("translate(").and_then(|rest| rest.strip_suffix(')')).expect("nothing but translations");
    let (dx, dy) = numbers.split_once(' ').expect("two numbers");
    (x + dx.parse::<f32>().expect("a number"), y + dy.parse::<f32>().expect("a number"))
}

fn paint(element: &BytesStart, transform: Transform, pixmap: &mut Pixmap) {
    let path = Steps::new(&attribute(element, "d").expect("a path has steps")).build();
    let Some(path) = path.finish() else { return };
    let mut ink = Paint { anti_alias: true, ..Paint::default() };
    ink.set_color(Color::BLACK);
    match attribute(element, "stroke-width") {
        Some(width) => {
            let stroke = Stroke { width: width.parse().expect("a width"), ..Stroke::default() };
            pixmap.stroke_path(&path, &ink, &stroke, transform, None);
        }
        None => pixmap.fill_path(&path, &ink, FillRule::Winding, transform, None),
    }
}

struct Steps {
    tokens: Vec<String>,
    next: usize,
    at: (f32, f32),
    start: (f32, f32),
}

impl Steps {
    fn new(d: &str) -> Self {
        let mut tokens: Vec<String> = Vec::new();
        let mut fresh = true;
        for letter in d.chars() {
            match letter {
                ' ' => fresh = true,
                'a'..='z' | 'A'..='Z' => {
                    tokens.push(letter.to_string());
                    fresh = true;
                }
                '-' => {
                    tokens.push("-".to_owned());
                    fresh = false;
                }
                _ if fresh => {
                    tokens.push(letter.to_string());
                    fresh = false;
                }
                _ => tokens.last_mut().expect("a number goes on").push(letter),
            }
        }
        Self { tokens, next: 0, at: (0.0, 0.0), start: (0.0, 0.0) }
    }

    fn number(&mut self) -> f32 {
        let token = &self.tokens[self.next];
        self.next += 1;
        token.parse().unwrap_or_else(|_| panic!("{token} is no number"))
    }

    fn relative(&mut self) -> (f32, f32) {
        let (dx, dy) = (self.number(), self.number());
        (self.at.0 + dx, self.at.1 + dy)
    }

    fn build(mut self) -> PathBuilder {
        let mut path = PathBuilder::new();
        while self.next < self.tokens.len() {
            let step = self.tokens[self.next].clone();
            self.next += 1;
            self.step(&step, &mut path);
        }
        path
    }

    fn step(&mut self, step: &str, path: &mut PathBuilder) {
        match step {
            "M" | "m" => {
                self.at = if step == "M" { (self.number(), self.number()) } else { self.relative() };
                self.start = self.at;
                path.move_to(self.at.0, self.at.1);
            }
            "h" => self.line((self.at.0, self.at.1), true, path),
            "v" => self.line((self.at.0, self.at.1), false, path),
            "l" => {
                self.at = self.relative();
                path.line_to(self.at.0, self.at.1);
            }
            "q" => {
                let (control, to) = (self.relative(), self.relative());
                path.quad_to(control.0, control.1, to.0, to.1);
                self.at = to;
            }
            "c" => {
                let (a, b, to) = (self.relative(), self.relative(), self.relative());
                path.cubic_to(a.0, a.1, b.0, b.1, to.0, to.1);
                self.at = to;
            }
            "z" => {
                path.close();
                self.at = self.start;
            }
            other => panic!("{other} is no step that we write"),
        }
    }

    fn line(&mut self, from: (f32, f32), horizontal: bool, path: &mut PathBuilder) {
        let by = self.number();
        self.at = if horizontal { (from.0 + by, from.1) } else { (from.0, from.1 + by) };
        path.line_to(self.at.0, self.at.1);
    }
}
