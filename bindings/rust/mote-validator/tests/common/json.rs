//! Reads the JSON of the test vectors: objects, arrays, null, numbers (whole ones below 2^53) and texts
//! without escapes.

/// A value.
#[derive(Debug, PartialEq)]
pub enum Json {
    Null,
    Number(u64),
    Real(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a whole text. Panics if it is anything else than described above.
    pub fn parse(text: &str) -> Json {
        let mut reader = Reader { rest: text };
        let value = reader.value();
        reader.space();
        assert!(reader.rest.is_empty(), "after the end: {:?}", reader.near());
        value
    }

    /// The value of a key of an object, if it is there.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, v)| v),
            other => panic!("not an object: {:?}", other),
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Json::Text(text) => text,
            other => panic!("not a text: {:?}", other),
        }
    }

    pub fn number(&self) -> u64 {
        match self {
            Json::Number(number) => *number,
            other => panic!("not a number: {:?}", other),
        }
    }

    /// A number of any kind.
    pub fn real(&self) -> f64 {
        match self {
            Json::Real(real) => *real,
            other => other.number() as f64,
        }
    }

    /// The bytes of a text in hex.
    pub fn bytes(&self) -> Vec<u8> {
        let text = self.text();
        assert_eq!(text.len() % 2, 0);
        (0..text.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
            .collect()
    }

    pub fn list(&self) -> &[Json] {
        match self {
            Json::List(list) => list,
            other => panic!("not a list: {:?}", other),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn near(&self) -> &'a str {
        self.rest.get(..40).unwrap_or(self.rest)
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, mark: char) -> bool {
        self.space();
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn needs(&mut self, mark: char) {
        assert!(self.takes(mark), "{:?} expected before {:?}", mark, self.near());
    }

    fn until(&mut self, end: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.rest.split_at(self.rest.find(end).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn text(&mut self) -> String {
        let text = self.until(|c| c == '"' || c == '\\').to_owned();
        self.needs('"');
        text
    }

    fn value(&mut self) -> Json {
        if self.takes('"') {
            Json::Text(self.text())
        } else if self.takes('[') {
            Json::List(self.items(']', Reader::value))
        } else if self.takes('{') {
            Json::Object(self.items('}', |reader| {
                reader.needs('"');
                let key = reader.text();
                reader.needs(':');
                (key, reader.value())
            }))
        } else {
            let word = self.until(|c| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
            if word == "null" {
                return Json::Null;
            }
            let whole = word.parse().map(Json::Number);
            let number = whole.or_else(|_| word.parse().map(Json::Real));
            number.unwrap_or_else(|_| panic!("{:?} at {:?}", word, self.near()))
        }
    }

    fn items<T>(&mut self, end: char, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        if self.takes(end) {
            return items;
        }
        loop {
            items.push(item(self));
            if self.takes(end) {
                return items;
            }
            self.needs(',');
        }
    }
}
