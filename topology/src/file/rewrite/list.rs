//! A list in the file, with its comments sorted to the elements that they belong to.
//!
//! The TOML library keeps what stands before each element. A comment at the end of a line stands
//! before the next element, then, though it belongs to the one on its left.

use toml_edit::{Array, RawString, Value};

pub(super) struct Element {
    pub value: Value,
    /// White space and whole lines of comments.
    pub before: String,
    /// What follows the comma on the same line.
    after: String,
}

pub(super) struct List {
    /// What follows the opening bracket on the same line.
    head: String,
    pub elements: Vec<Element>,
    /// What stands between the last element and the closing bracket.
    foot: String,
    trailing_comma: bool,
}

impl Element {
    pub fn new(value: Value) -> Self {
        Self { value, before: String::new(), after: String::new() }
    }
}

impl List {
    /// Takes all elements out of an array.
    pub fn taken_from(array: &mut Array) -> Self {
        let trailing_comma = array.trailing_comma();
        let mut list =
            Self { head: String::new(), elements: Vec::new(), foot: String::new(), trailing_comma };
        let mut foot = raw(Some(array.trailing()));
        let mut values: Vec<Value> = array.iter().cloned().collect();
        array.clear();
        // Without a comma after it, the last element owns the white space that is the bracket's.
        if let Some(last) = values.last_mut().filter(|_| !trailing_comma) {
            foot.insert_str(0, &raw(last.decor().suffix()));
            last.decor_mut().set_suffix("");
        }
        for value in values {
            let before = list.give_back(&raw(value.decor().prefix()));
            list.elements.push(Element { before, ..Element::new(value) });
        }
        list.foot = list.give_back(&foot);
        list
    }

    /// Gives the rest of a line to the element that it stands behind; returns what is left.
    fn give_back(&mut self, space: &str) -> String {
        let line_end = space.find('\n').unwrap_or(0);
        let owner = self.elements.last_mut().map_or(&mut self.head, |element| &mut element.after);
        owner.push_str(&space[..line_end]);
        space[line_end..].to_owned()
    }

    /// What a new element begins with: a line of its own where the others have that.
    pub fn usual_space(&self) -> String {
        let last = self.elements.last().map_or("", |element| &element.before);
        last.rfind('\n').map_or(" ", |newline| &last[newline..]).to_owned()
    }

    pub fn put_into(self, array: &mut Array) {
        let mut rest_of_line = self.head;
        let is_empty = self.elements.is_empty();
        for (index, Element { mut value, before, after }) in self.elements.into_iter().enumerate() {
            let before = match (index, before.as_str()) {
                (0, " ") => "",
                (1.., "") => " ",
                (_, before) => before,
            };
            value.decor_mut().set_prefix(rest_of_line + before);
            array.push_formatted(value);
            rest_of_line = after;
        }
        array.set_trailing(rest_of_line + &self.foot);
        array.set_trailing_comma(self.trailing_comma && !is_empty);
    }
}

fn raw(text: Option<&RawString>) -> String {
    text.and_then(RawString::as_str).unwrap_or_default().to_owned()
}
