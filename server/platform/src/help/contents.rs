//! The table of contents of a help file: nested braces with numbers and strings. Read without recursion and without
//! caring for commas, which some writers leave out.

use rustc_hash::FxHashMap;

/// Nodes by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    nodes: FxHashMap<u32, Node>,
}

#[derive(Debug, Default)]
struct Node {
    parent: u32,
    /// With `/`, without a leading one; empty for nodes that only group.
    path: String,
}

/// Depth of `{id, parent, …}`, and of the braces inside that end with the path.
const NODE_DEPTH: usize = 2;
const PATH_DEPTH: usize = 3;

impl Contents {
    pub fn read(text: &str) -> Self {
        let mut contents = Self::default();
        let mut node = Node::default();
        let mut numbers = Vec::new();
        let mut depth = 0_usize;
        for token in Tokens(text) {
            match token {
                Token::Open => depth += 1,
                Token::Close => {
                    if depth == NODE_DEPTH {
                        contents.add(&numbers, std::mem::take(&mut node));
                        numbers.clear();
                    }
                    depth = depth.saturating_sub(1);
                }
                Token::Word(word) if depth == NODE_DEPTH && numbers.len() < 2 => {
                    numbers.extend(word.parse::<u32>());
                }
                Token::Quoted(text) if depth == PATH_DEPTH => node.path = normal_path(text),
                _ => {}
            }
        }
        contents
    }

    fn add(&mut self, numbers: &[u32], mut node: Node) {
        if let &[id, parent] = numbers {
            node.parent = parent;
            self.nodes.insert(id, node);
        }
    }

    /// Pages whose properties hang on them directly, without a node that groups them: enumerations.
    pub fn enum_pages(&self) -> impl Iterator<Item = &str> {
        self.nodes
            .values()
            .filter(|node| node.path.contains("/properties/"))
            .filter_map(|node| self.nodes.get(&node.parent))
            .map(|parent| parent.path.as_str())
            .filter(|path| path.ends_with(".html") && !path.contains("/properties"))
    }
}

/// Slashes one way, none in front.
pub(crate) fn normal_path(path: &str) -> String {
    path.trim_start_matches(['/', '\\']).replace('\\', "/")
}

enum Token<'a> {
    Open,
    Close,
    Word(&'a str),
    /// Quotes inside are still doubled; paths have none.
    Quoted(&'a str),
}

struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.0 =
            self.0.trim_start_matches(|char: char| char.is_whitespace() || char == ',' || char == '\u{feff}');
        let first = self.0.chars().next()?;
        let (token, len) = match first {
            '{' => (Token::Open, 1),
            '}' => (Token::Close, 1),
            '"' => {
                let end = quoted_end(&self.0[1..]);
                (Token::Quoted(&self.0[1..1 + end]), (end + 2).min(self.0.len()))
            }
            _ => {
                let is_end = |char: char| char.is_whitespace() || matches!(char, ',' | '{' | '}' | '"');
                let end = self.0.find(is_end).unwrap_or(self.0.len());
                (Token::Word(&self.0[..end]), end)
            }
        };
        self.0 = &self.0[len..];
        Some(token)
    }
}

/// Length of a string up to its closing quote; a doubled quote does not close.
fn quoted_end(text: &str) -> usize {
    let mut from = 0;
    while let Some(found) = text[from..].find('"') {
        let at = from + found;
        if !text[at + 1..].starts_with('"') {
            return at;
        }
        from = at + 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_with_direct_values_are_enumerations() {
        let text = r##"{4
            {1,0,1,2,{0,0,{0,2,{"ru","Вид ""А"""},{"en","Kind"}},"objects\Kind.html"}},
            {2,1,0,{0,0,{0,1,{"ru","Один"}},"/objects/Kind/properties/One1.html"}}
            {3,0,1,4,{0,0,{0,1,{"#","T"}},"/objects/Type.html"}}
            {4,3,1,5,{0,0,{0,0},""}},{5,4,0,{0,0,{0,0},"objects/Type/properties/P2.html"}}}"##;
        let contents = Contents::read(text);
        assert_eq!(contents.enum_pages().collect::<Vec<_>>(), ["objects/Kind.html"]);
        for broken in ["", "{", "}}}", "{{\"", "{{1,", "{{1,0,{\"\"\"\"\"", "{{4294967296,0}}"] {
            Contents::read(broken).enum_pages().count();
        }
    }
}
