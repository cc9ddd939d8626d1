//! Puts an infobase together from metadata: entities, slots for modules, rows for what is predefined.

use std::cell::RefCell;
use std::path::Path;
use std::rc::{Rc, Weak};

use base::Files;
use metadata::{
    Details, Layout, Metadata, ModuleKind, ModulePlace, ObjectId, ObjectKind, RootId, ScriptVariant,
};
use rustc_hash::FxHashMap;

use crate::infobase::World;
use crate::infobase::entity::{Entity, EntityReader, Role, is_entity};
use crate::infobase::modules::{LazyModule, ModuleSlot};
use crate::infobase::object::EntityObject;
use crate::infobase::records::RecordSet;
use crate::infobase::store::{DataTable, Row, Store};
use crate::infobase::subscriptions::Subscription;
use crate::name::Name;
use crate::value::Value;

/// Last words of the names of modules: kind, Russian, English.
const TAILS: &[(ModuleKind, &str, &str)] = &[
    (ModuleKind::ObjectModule, "МодульОбъекта", "ObjectModule"),
    (ModuleKind::ManagerModule, "МодульМенеджера", "ManagerModule"),
    (ModuleKind::RecordSetModule, "МодульНабораЗаписей", "RecordSetModule"),
    (ModuleKind::ValueManagerModule, "МодульМенеджераЗначения", "ValueManagerModule"),
];

pub(crate) struct Builder<'a> {
    metadata: &'a Metadata,
    root: RootId,
    folder: &'a Path,
    layout: Layout,
    me: Weak<World>,
    slots: Vec<Rc<ModuleSlot>>,
    is_english: bool,
}

pub(crate) fn build(metadata: &Metadata, root: RootId, files: Rc<dyn Files>) -> Option<Rc<World>> {
    let configuration = metadata.root(root)?.configuration().clone();
    let folder = metadata.root(root)?.folder().folder.clone();
    let mut ids: Vec<ObjectId> = Vec::new();
    for kind in ObjectKind::ALL.iter().filter(|kind| is_entity(**kind)) {
        ids.extend(metadata.of_kind(root, *kind));
    }
    let numbers: FxHashMap<(ObjectKind, Rc<str>), usize> = ids
        .iter()
        .filter_map(|id| metadata.object(*id))
        .enumerate()
        .map(|(number, object)| ((object.kind, Name::new(&object.name).folded), number))
        .collect();
    let number_of = |kind: ObjectKind, name: &str| numbers.get(&(kind, Name::new(name).folded)).copied();
    let reader = EntityReader {
        metadata,
        root,
        number_of: &number_of,
        is_english: configuration.script == ScriptVariant::English,
    };
    let objects = ids.iter().filter_map(|id| metadata.object(*id));
    let entities: Vec<_> =
        objects.enumerate().map(|(number, object)| Rc::new(reader.read(number, object))).collect();
    let session_parameters = metadata.of_kind(root, ObjectKind::SessionParameter);
    let session_parameters = session_parameters.into_iter().filter_map(|id| metadata.object(id));
    let session_parameters = session_parameters.filter_map(|object| match &object.details {
        Details::Typed(types) => Some((Name::new(&object.name), reader.field_type(types))),
        _ => None,
    });
    let session_parameters = session_parameters.collect();
    let subscriptions = Subscription::read(metadata, root, &number_of);
    let unsupported = unsupported(metadata, root);
    let tables = entities.iter().map(|entity| RefCell::new(DataTable::of(entity))).collect();
    let world = Rc::new_cyclic(|me| {
        let mut builder = Builder {
            metadata,
            root,
            folder: &folder,
            layout: configuration.layout,
            me: me.clone(),
            slots: Vec::new(),
            is_english: reader.is_english,
        };
        let (common_modules, global_modules) = builder.common_modules(&files);
        let (object_modules, manager_modules) = builder.entity_modules(&entities);
        let session_module = builder.root_module(ModuleKind::SessionModule, "МодульСеанса", "SessionModule");
        World {
            me: me.clone(),
            files,
            entities,
            numbers: numbers.clone(),
            store: Store::of(tables),
            slots: builder.slots,
            object_modules,
            manager_modules,
            common_modules,
            global_modules,
            session_module,
            session_parameters,
            managers: RefCell::default(),
            subscriptions,
            unsupported,
            is_english: reader.is_english,
        }
    });
    for entity in &world.entities {
        add_predefined(&world, entity);
    }
    Some(world)
}

/// Objects that code may name and that have no data here: a use of them says so.
fn unsupported(metadata: &Metadata, root: RootId) -> Vec<(ObjectKind, Rc<str>)> {
    let kinds = ObjectKind::ALL.iter().filter(|kind| !kind.collection_ru().is_empty() && !is_entity(**kind));
    let ids = kinds.flat_map(|kind| metadata.of_kind(root, *kind));
    ids.filter_map(|id| metadata.object(id))
        .map(|object| (object.kind, Name::new(&object.name).folded))
        .collect()
}

impl Builder<'_> {
    fn slot(
        &mut self,
        place: &ModulePlace,
        names: [String; 2],
        make_this: crate::infobase::modules::MakeThis,
    ) -> Option<Rc<ModuleSlot>> {
        let path = self.folder.join(place.path(self.layout)?);
        // Stacks name modules in the language of the configuration.
        let [russian, english] = names;
        let (own, other) = if self.is_english { (english, russian) } else { (russian, english) };
        let slot = Rc::new(ModuleSlot::new(own, other, path, make_this));
        self.slots.push(slot.clone());
        Some(slot)
    }

    fn root_module(&mut self, kind: ModuleKind, russian: &str, english: &str) -> Option<Rc<ModuleSlot>> {
        let place = ModulePlace { kind, ..ModulePlace::default() };
        self.slot(&place, [russian.to_owned(), english.to_owned()], Box::new(|| None))
    }

    fn common_modules(&mut self, files: &Rc<dyn Files>) -> (Vec<Rc<LazyModule>>, Vec<Rc<LazyModule>>) {
        let (mut all, mut global) = (Vec::new(), Vec::new());
        for id in self.metadata.of_kind(self.root, ObjectKind::CommonModule) {
            let Some(object) = self.metadata.object(id) else { continue };
            let place = ModulePlace {
                kind: ModuleKind::CommonModule,
                owner: Some((object.kind, object.name.clone())),
                ..ModulePlace::default()
            };
            let names = [
                format!("ОбщийМодуль.{}.Модуль", object.name),
                format!("CommonModule.{}.Module", object.name),
            ];
            let Some(slot) = self.slot(&place, names, Box::new(|| None)) else { continue };
            let module = Rc::new(LazyModule {
                name: Name::new(&object.name),
                slot,
                files: files.clone(),
                instance: RefCell::new(None),
            });
            let is_global =
                matches!(&object.details, Details::CommonModule(flags) if flags.is_global && flags.is_server);
            if is_global {
                global.push(module.clone());
            }
            all.push(module);
        }
        (all, global)
    }

    fn entity_modules(
        &mut self,
        entities: &[Rc<Entity>],
    ) -> (FxHashMap<usize, Rc<ModuleSlot>>, FxHashMap<usize, Rc<ModuleSlot>>) {
        let (mut objects, mut managers) = (FxHashMap::default(), FxHashMap::default());
        for entity in entities {
            for (kind, russian, english) in TAILS {
                if !metadata::module_kinds(entity.kind).contains(kind) {
                    continue;
                }
                let name = &entity.name.shown;
                let place = ModulePlace {
                    kind: *kind,
                    owner: Some((entity.kind, name.as_ref().into())),
                    ..ModulePlace::default()
                };
                let names = [
                    format!("{}.{name}.{russian}", entity.kind.name_ru()),
                    format!("{}.{name}.{english}", entity.kind.name()),
                ];
                let make_this = make_this(self.me.clone(), entity.index, *kind);
                let Some(slot) = self.slot(&place, names, make_this) else { continue };
                match kind {
                    ModuleKind::ManagerModule => managers.insert(entity.index, slot),
                    _ => objects.insert(entity.index, slot),
                };
            }
        }
        (objects, managers)
    }
}

/// Objects that modules are compiled for.
fn make_this(world: Weak<World>, entity: usize, kind: ModuleKind) -> crate::infobase::modules::MakeThis {
    Box::new(move || {
        let world = world.upgrade()?;
        let found = &world.entities[entity];
        Some(match kind {
            ModuleKind::ManagerModule => world.manager(entity),
            ModuleKind::RecordSetModule => Value::Object(RecordSet::new(&world, found)),
            _ => Value::Object(EntityObject::new(&world, found)),
        })
    })
}

/// Rows of enumerations and of predefined items.
fn add_predefined(world: &World, entity: &Entity) {
    for (place, item) in entity.named_items.iter().enumerate() {
        let id = place as u64 + 1;
        let value = |field: &crate::infobase::entity::Field| match field.role {
            Role::Reference => world.reference(entity.index, id),
            Role::Order => Value::from(place),
            Role::Code if entity.code_length > 0 => {
                field.field_type.adjusted(world, format!("{id:0width$}", width = entity.code_length).into())
            }
            Role::Description => item.presentation.as_ref().into(),
            Role::IsFolder => item.is_folder.into(),
            Role::Predefined => true.into(),
            Role::PredefinedName => item.name.shown.as_ref().into(),
            _ => field.field_type.default_value(world),
        };
        let row = Row {
            values: Rc::new(entity.fields.iter().map(value).collect()),
            sections: vec![Vec::new(); entity.sections.len()],
        };
        world.store.put(entity.index, id, Some(row));
    }
    world.store.tables[entity.index].borrow_mut().last_code = entity.named_items.len() as i64;
}
