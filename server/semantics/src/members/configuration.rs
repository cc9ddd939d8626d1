//! Members of `Справочники` and of the other collections of managers.

use metadata::ObjectKind;

use crate::definition::{Definition, MemberKind, pair};
use crate::ids::ObjectId;
use crate::members::Sink;
use crate::resolver::Resolver;

impl<'a> Resolver<'a> {
    /// Objects of a kind; true if there are certainly no others.
    pub(super) fn collection(self, kind: ObjectKind, sink: &mut Sink<'_>) -> bool {
        self.objects_of_kind(kind, sink);
        // `ПараметрыСеанса` have a method of their own.
        let is_method = |name: &str| pair("Очистить", "Clear").is(name);
        if kind == ObjectKind::SessionParameter && sink.wanted().is_none_or(is_method) {
            return false;
        }
        self.root().is_some_and(|root| self.project.is_complete(root))
            && self.own_module().is_some_and(|module| module.place.root.is_some())
    }

    pub(crate) fn objects_of_kind(self, kind: ObjectKind, sink: &mut Sink<'_>) {
        let offer = |sink: &mut Sink<'_>, name: &str, object: ObjectId| {
            sink.offer(name, MemberKind::Object, || Definition::Object(object));
        };
        match sink.wanted() {
            Some(name) => {
                let found = self.project.find_object(self.root(), kind, name);
                if let Some((object, content)) = found.and_then(|it| Some((it, self.object(it)?))) {
                    offer(sink, &content.name, object);
                }
            }
            None => {
                let objects = self.root().map(|root| self.project.metadata().of_kind(root, kind));
                for object in objects.into_iter().flatten() {
                    if let Some(content) = self.object(object) {
                        offer(sink, &content.name, object);
                    }
                }
            }
        }
    }
}
