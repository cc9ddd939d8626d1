//! Fixtures: several files in one text, with a cursor.

use std::io;
use std::path::Path;

const HEADER: &str = "//- /";
const CURSOR: &str = "$0";

/// Files of a fixture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixture {
    /// Relative path and text of each file, in the order of the fixture.
    pub files: Vec<(String, String)>,
    pub cursor: Option<Cursor>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub path: String,
    pub offset: usize,
}

impl Fixture {
    /// Reads `//- /path` headers and the cursor mark `$0`. Text without a header is `Module.bsl`.
    pub fn parse(text: &str) -> Self {
        let mut fixture = Self::default();
        for line in text.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix(HEADER) {
                fixture.files.push((path.trim().to_owned(), String::new()));
                continue;
            }
            if fixture.files.is_empty() {
                fixture.files.push(("Module.bsl".to_owned(), String::new()));
            }
            if let Some((_, file)) = fixture.files.last_mut() {
                file.push_str(line);
            }
        }
        for (path, text) in &mut fixture.files {
            if let Some(offset) = text.find(CURSOR) {
                text.replace_range(offset..offset + CURSOR.len(), "");
                fixture.cursor = Some(Cursor { path: path.clone(), offset });
            }
        }
        fixture
    }

    /// Writes the files below a folder.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_cursor_are_read() {
        let fixture = Fixture::parse("//- /a/Module.bsl\nА = $01;\n//- /b.os\nБ = 2;\n");
        assert_eq!(
            fixture.files,
            [("a/Module.bsl".to_owned(), "А = 1;\n".to_owned()), ("b.os".to_owned(), "Б = 2;\n".to_owned())]
        );
        assert_eq!(fixture.cursor, Some(Cursor { path: "a/Module.bsl".to_owned(), offset: 5 }));
        assert_eq!(Fixture::parse("А").files, [("Module.bsl".to_owned(), "А".to_owned())]);
    }
}
