//! Tables: kinds, objects, tabular sections, virtual and temporary tables.

use base::TextRange;
use metadata::{MetadataObject, ObjectKind};
use platform::Names;
use semantics::{Definition, ObjectId, VirtualTable};
use syntax::QueryNodeKind;

use crate::completion::CompletionItem;
use crate::completion::CompletionKind;
use crate::completion::candidates::Tier;
use crate::query::completion::Offers;

impl Offers<'_, '_> {
    pub(super) fn tables(&mut self, path: &[String], word: TextRange) {
        match path {
            [] => {
                self.temporary_tables(word);
                self.table_kinds();
            }
            [kind] => {
                if let Some(kind) = ObjectKind::from_name(kind) {
                    self.objects(kind);
                }
            }
            [kind, name] => {
                if let Some(object) = self.code.section.of.scope().query_object(kind, name) {
                    self.tables_of(object);
                }
            }
            _ => {}
        }
    }

    /// Tables that earlier queries of the package make, those that are dropped left out.
    pub(super) fn temporary_tables(&mut self, word: TextRange) {
        let code = self.code;
        let mut known: Vec<String> = Vec::new();
        for batch in code.batches().take_while(|batch| code.tree.range(*batch).start < word.start) {
            if code.kind(batch) == QueryNodeKind::Drop {
                let dropped = code.tree.child(batch, syntax::QueryRole::Name);
                let dropped = dropped.map_or("", |name| code.node_text(name));
                known.retain(|name| !base::same_name(name, dropped));
            } else if code.tree.range(batch).end < word.start
                && let Some(into) = code.target_name(batch)
                && code
                    .select_at(word.start)
                    .is_none_or(|select| code.batch_index(select) > code.batch_index(batch))
            {
                known.push(code.node_text(into).to_owned());
            }
        }
        let what = self.pick("Временная таблица", "Temporary table");
        for name in known.into_iter().rev() {
            self.plain(&name, CompletionKind::Class, what.to_owned(), Tier::Expected);
        }
    }

    fn table_kinds(&mut self) {
        let platform = self.code.section.of.project.platform(semantics::Dialect::Enterprise);
        let root = self.code.section.of.project.visible_root(self.code.section.of.module);
        for names in &platform.query().table_kinds {
            let kind = ObjectKind::from_name(&names.ru);
            let has_objects = root.zip(kind).is_none_or(|(root, kind)| {
                let metadata = self.code.section.of.project.metadata();
                kind == ObjectKind::Constant || !metadata.of_kind(root, kind).is_empty()
            });
            let tier = if has_objects { Tier::Local } else { Tier::Guess };
            self.name(names.clone(), CompletionKind::Enum, String::new(), tier);
        }
    }

    pub(super) fn objects(&mut self, kind: ObjectKind) {
        let of = self.code.section.of;
        let Some(root) = of.project.visible_root(of.module) else { return };
        for object in of.project.metadata().of_kind(root, kind) {
            let Some(content) = of.project.object(object) else { continue };
            self.object(object, content);
        }
    }

    fn object(&mut self, object: ObjectId, content: &MetadataObject) {
        let names = Names { ru: content.name.clone(), ..Names::default() };
        let description = content.synonym.first().map(|(_, text)| text.to_string()).unwrap_or_default();
        let definition = Some(Definition::Object(object));
        let item = CompletionItem { description, definition, ..self.item(&names, CompletionKind::Object) };
        self.offer(names, item, Tier::Expected);
    }

    fn tables_of(&mut self, object: ObjectId) {
        let project = self.code.section.of.project;
        let Some(content) = project.object(object) else { return };
        for table in VirtualTable::of_kind(content.kind) {
            let parameters = table.parameters(content.kind);
            let script = self.code.script();
            let shown: Vec<String> =
                parameters.iter().map(|names| names.in_script(script).to_string()).collect();
            let names = table.names();
            let mut item = self.item(&names, CompletionKind::Class);
            item.description = self.pick("Виртуальная таблица", "Virtual table").to_owned();
            if !shown.is_empty() {
                item.signature = format!("({})", shown.join(", "));
                if self.options.snippets {
                    item.text = format!("{}($0)", item.text);
                    item.is_snippet = true;
                }
            }
            let tier = if table == VirtualTable::Changes { Tier::Context } else { Tier::Expected };
            self.offer(names, item, tier);
        }
        for (part, content) in project.object_chain(object) {
            for (index, section) in content.tabular_sections.iter().enumerate() {
                let names = Names { ru: section.name.clone(), ..Names::default() };
                let mut item = self.item(&names, CompletionKind::Class);
                item.description = self.pick("Табличная часть", "Tabular section").to_owned();
                item.definition = Some(Definition::Section { object: part, section: index as u16 });
                self.offer(names, item, Tier::Expected);
            }
        }
    }
}
