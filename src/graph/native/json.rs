//! JSON in which parts are not known: interpolations inside strings, in place of values, elements and entries.

use super::verdict::why;
use crate::value::{
    Cause, CauseKind, Entries, Kind, List, Map, Number, Piece, Rest, Segment, Str, Text, Trail, Value, place,
};
use std::sync::Arc;

/// Deeper nesting is not read.
const MAX_DEPTH: usize = 64;

/// The document in a text; `what` names it. A value that is no text stays as it is. `Err`: why it is not known.
pub(in crate::graph) fn decode(value: &Value, what: &str) -> Result<Value, Arc<Cause>> {
    if let Some(encoded) = value.encoded() {
        return Ok(value.inside(encoded));
    }
    let pieces = match &value.kind {
        Kind::Map(_) | Kind::List(_) => return Ok(value.clone()),
        Kind::String(text) if text.trim().is_empty() => return Ok(Value::map(Entries::default())),
        Kind::String(text) => vec![Piece::Known(text.clone())],
        Kind::Partial(text) => text.pieces().to_vec(),
        _ => return Err(why(value)),
    };
    match read(&pieces, value.segments()) {
        Ok(parsed) if parsed.trail.is_none() => Ok(parsed.with_trail(value.trail.clone()).marked(value.sensitive)),
        Ok(parsed) => Ok(value.inside(&parsed).marked(value.sensitive)),
        Err(fault) => Err(unreadable(&pieces, fault, what)),
    }
}

/// Why a text could not be read.
enum Fault {
    /// It is not JSON.
    Invalid,
    /// It is nested too deeply.
    Limit,
}

/// Reads the text of pieces. What is read has the places that `segments` gives it.
fn read(pieces: &[Piece], segments: &[Segment]) -> Result<Value, Fault> {
    let mut reader = Reader { pieces, segments, piece: 0, at: 0, before: 0 };
    let value = reader.value(0)?;
    match reader.next_after_space() {
        Unit::End => Ok(value),
        _ => Err(Fault::Invalid),
    }
}

/// The next thing in the text.
#[derive(Clone, Copy)]
enum Unit<'a> {
    Byte(u8),
    Hole(&'a Value),
    End,
}

struct Reader<'a> {
    pieces: &'a [Piece],
    segments: &'a [Segment],
    piece: usize,
    at: usize,
    /// Known bytes of the pieces before this one.
    before: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Unit<'a> {
        loop {
            match self.pieces.get(self.piece) {
                None => return Unit::End,
                Some(Piece::Hole(hole)) => return Unit::Hole(hole),
                Some(Piece::Known(text)) => {
                    if let Some(byte) = text.as_bytes().get(self.at) {
                        return Unit::Byte(*byte);
                    }
                    self.before += text.len();
                    self.piece += 1;
                    self.at = 0;
                }
            }
        }
    }

    /// How many known bytes come before the next unit.
    fn offset(&self) -> usize {
        self.before + self.at
    }

    /// The place in the source of what stands between two offsets.
    fn written(&self, start: usize, end: usize) -> Trail {
        place(self.segments, start..end).map_or_else(Trail::none, Trail::written)
    }

    fn skip(&mut self) {
        match self.peek() {
            Unit::Byte(_) => self.at += 1,
            Unit::Hole(_) => self.piece += 1,
            Unit::End => {}
        }
    }

    fn next_after_space(&mut self) -> Unit<'a> {
        while let Unit::Byte(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::Limit);
        }
        let next = self.next_after_space();
        let start = self.offset();
        let value = match next {
            Unit::Byte(b'{') => self.object(depth),
            Unit::Byte(b'[') => self.array(depth),
            Unit::Byte(b'"') => self.string(),
            Unit::Hole(_) | Unit::Byte(b'-' | b'0'..=b'9' | b'a'..=b'z') => self.word(),
            _ => Err(Fault::Invalid),
        }?;
        if self.segments.is_empty() {
            return Ok(value);
        }
        let place = self.written(start, self.offset());
        Ok(value.or_trail(&place))
    }

    /// A number, `true`, `false`, `null`, or an interpolation in place of a value.
    fn word(&mut self) -> Result<Value, Fault> {
        let mut text = String::new();
        let mut hole: Option<&Value> = None;
        let mut parts = 0;
        loop {
            match self.peek() {
                Unit::Byte(b @ (b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')) => {
                    text.push(char::from(b));
                }
                Unit::Hole(found) => {
                    parts += 1;
                    hole = hole.or(Some(found));
                }
                _ => break,
            }
            self.skip();
        }
        match (hole, text.as_str()) {
            (Some(hole), "") if parts == 1 => Ok(hole.clone()),
            (Some(hole), _) => Ok(Value::unknown(why(hole))),
            (None, "true") => Ok(true.into()),
            (None, "false") => Ok(false.into()),
            (None, "null") => Ok(Value::null()),
            (None, number) => Number::parse(number).map(Value::from).ok_or(Fault::Invalid),
        }
    }

    fn string(&mut self) -> Result<Value, Fault> {
        self.skip();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut bytes: Vec<u8> = Vec::new();
        let flush = |bytes: &mut Vec<u8>, pieces: &mut Vec<Piece>| {
            let text = String::from_utf8(std::mem::take(bytes)).map_err(|_| Fault::Invalid)?;
            pieces.push(Piece::Known(text.into()));
            Ok(())
        };
        loop {
            match self.peek() {
                Unit::End => return Err(Fault::Invalid),
                Unit::Byte(b'"') => {
                    self.skip();
                    flush(&mut bytes, &mut pieces)?;
                    pieces.retain(|p| !matches!(p, Piece::Known(text) if text.is_empty()));
                    // Nothing but an interpolation is what it interpolates.
                    return Ok(match pieces.as_slice() {
                        [Piece::Hole(hole)] => hole.clone(),
                        _ => Text::join(pieces),
                    });
                }
                Unit::Byte(b'\\') => {
                    self.skip();
                    let c = self.escape()?;
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Unit::Byte(byte) => {
                    bytes.push(byte);
                    self.skip();
                }
                Unit::Hole(hole) => {
                    flush(&mut bytes, &mut pieces)?;
                    pieces.push(Piece::Hole(hole.clone()));
                    self.skip();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let Unit::Byte(byte) = self.peek() else { return Err(Fault::Invalid) };
        self.skip();
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.code_unit()?;
                if let 0xd800..=0xdbff = high {
                    for expected in *b"\\u" {
                        match self.peek() {
                            Unit::Byte(b) if b == expected => self.skip(),
                            _ => return Err(Fault::Invalid),
                        }
                    }
                    let low = self.code_unit()?;
                    char::decode_utf16([high, low]).next().and_then(Result::ok).ok_or(Fault::Invalid)?
                } else {
                    char::from_u32(u32::from(high)).ok_or(Fault::Invalid)?
                }
            }
            _ => return Err(Fault::Invalid),
        })
    }

    fn code_unit(&mut self) -> Result<u16, Fault> {
        let mut out = 0u16;
        for _ in 0..4 {
            let Unit::Byte(byte) = self.peek() else { return Err(Fault::Invalid) };
            let digit = char::from(byte).to_digit(16).ok_or(Fault::Invalid)?;
            out = out << 4 | digit as u16;
            self.skip();
        }
        Ok(out)
    }

    /// An interpolation among the elements may stand for any number of them.
    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        self.skip();
        let mut list = List::default();
        let mut between = Between::Start;
        loop {
            match self.next_after_space() {
                Unit::Byte(b']') => {
                    self.skip();
                    between.end()?;
                    return Ok(Kind::List(Arc::new(list)).into());
                }
                Unit::Byte(b',') => {
                    self.skip();
                    between.comma()?;
                }
                Unit::Hole(hole) => {
                    self.skip();
                    list.open = list.open.or_else(|| Some(why(hole)));
                    between = Between::Open;
                }
                _ => {
                    between.item()?;
                    list.items.push(self.value(depth + 1)?);
                }
            }
        }
    }

    /// An interpolation among the entries, or in a key, may stand for any of them.
    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        self.skip();
        let mut entries = Entries::default();
        let mut open: Option<Arc<Cause>> = None;
        let mut between = Between::Start;
        loop {
            match self.next_after_space() {
                Unit::Byte(b'}') => {
                    self.skip();
                    between.end()?;
                    let rest = open.map_or(Rest::Closed, Rest::Open);
                    return Ok(Kind::Map(Arc::new(Map { entries, rest })).into());
                }
                Unit::Byte(b',') => {
                    self.skip();
                    between.comma()?;
                }
                Unit::Hole(hole) => {
                    self.skip();
                    open = open.or_else(|| Some(why(hole)));
                    between = Between::Open;
                }
                Unit::Byte(b'"') => {
                    between.item()?;
                    let key = self.string()?;
                    match self.next_after_space() {
                        Unit::Byte(b':') => self.skip(),
                        _ => return Err(Fault::Invalid),
                    }
                    let value = self.value(depth + 1)?;
                    match key.as_str() {
                        Some(key) => {
                            entries.insert(Str::from(key), value);
                        }
                        None => open = open.or_else(|| Some(why(&key))),
                    }
                }
                _ => return Err(Fault::Invalid),
            }
        }
    }
}

/// What stood last in a list.
#[derive(Clone, Copy, PartialEq)]
enum Between {
    Start,
    Item,
    Comma,
    /// An interpolation, which may end with anything.
    Open,
}

impl Between {
    fn item(&mut self) -> Result<(), Fault> {
        if *self == Between::Item {
            return Err(Fault::Invalid);
        }
        *self = Between::Item;
        Ok(())
    }

    fn comma(&mut self) -> Result<(), Fault> {
        if matches!(self, Between::Comma | Between::Start) {
            return Err(Fault::Invalid);
        }
        *self = Between::Comma;
        Ok(())
    }

    fn end(self) -> Result<(), Fault> {
        if self == Between::Comma { Err(Fault::Invalid) } else { Ok(()) }
    }
}

/// What a text that could not be read is.
fn unreadable(pieces: &[Piece], fault: Fault, what: &str) -> Arc<Cause> {
    let hole = pieces.iter().find_map(|p| match p {
        Piece::Hole(hole) => Some(why(hole)),
        Piece::Known(_) => None,
    });
    match (hole, fault) {
        (Some(cause), _) => cause,
        (None, Fault::Limit) => Cause::new(CauseKind::Limit, format!("{what} is nested too deeply")),
        (None, Fault::Invalid) => Cause::new(CauseKind::Invalid, format!("{what} is not valid JSON")),
    }
}
