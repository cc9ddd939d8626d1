//! What a session gets: managers, common modules, types, functions of transactions.

use std::rc::Rc;

use metadata::ObjectKind;

use crate::failure::{Failure, Outcome};
use crate::infobase::World;
use crate::infobase::entity::{has_references, is_entity};
use crate::infobase::manager::Managers;
use crate::infobase::meta_object::MetaRoot;
use crate::infobase::modules::exported_methods;
use crate::infobase::session_parameters::SessionParameters;
use crate::infobase::{points, system_enums};
use crate::machine::Machine;
use crate::query::Database;
use crate::value::Value;

/// Gives a machine everything that code of the configuration may name.
pub(crate) fn attach(world: &Rc<World>, machine: &mut Machine) -> Outcome<()> {
    machine.set_database(world.clone());
    if world.is_english {
        machine.language = base::Locale::En;
    }
    for kind in ObjectKind::ALL.iter().copied().filter(|kind| !kind.collection_ru().is_empty()) {
        let managers = Value::object(Managers { world: world.me.clone(), kind });
        if kind != ObjectKind::SessionParameter {
            machine.define(kind.collection_ru(), managers.clone());
            machine.define(kind.folder(), managers);
        }
    }
    for (name, value) in system_enums::properties() {
        machine.define(name, value);
    }
    let metadata = Value::object(MetaRoot { world: world.me.clone() });
    machine.define("Метаданные", metadata.clone());
    machine.define("Metadata", metadata);
    let parameters = Value::object(SessionParameters::new(world.clone()));
    machine.define("ПараметрыСеанса", parameters.clone());
    machine.define("SessionParameters", parameters);
    for entity in &world.entities {
        if has_references(entity.kind) {
            machine.host.add_type(&entity.reference_type);
        }
        if is_entity(entity.kind) {
            machine.host.add_type(&entity.object_type);
            machine.host.add_type(&entity.manager_type);
        }
    }
    for module in &world.common_modules {
        machine.define(&module.name.shown, Value::Object(module.clone()));
    }
    for module in &world.global_modules {
        let text = module.slot.text(world.files.as_ref())?.unwrap_or_default();
        for method in exported_methods(&text) {
            machine.host.add_global_method(&method, module.clone());
        }
    }
    add_functions(world, machine);
    machine.host.add_constructor(["Граница", "Boundary"], Rc::new(points::boundary));
    machine.host.add_constructor(["МоментВремени", "PointInTime"], Rc::new(points::point_in_time));
    machine.host.add_constructor(["БлокировкаДанных", "DataLock"], Rc::new(points::data_lock));
    Ok(())
}

fn add_functions(world: &Rc<World>, machine: &mut Machine) {
    let host = &mut machine.host;
    let shared = world.clone();
    let begin = move |_: &mut Machine, _: &mut crate::Arguments<'_>| {
        shared.store.begin();
        Ok(Value::Undefined)
    };
    host.add_function(["НачатьТранзакцию", "BeginTransaction"], Rc::new(begin));
    let shared = world.clone();
    let commit = move |_: &mut Machine, _: &mut crate::Arguments<'_>| {
        shared.store.commit()?;
        Ok(Value::Undefined)
    };
    host.add_function(["ЗафиксироватьТранзакцию", "CommitTransaction"], Rc::new(commit));
    let shared = world.clone();
    let roll_back = move |_: &mut Machine, _: &mut crate::Arguments<'_>| {
        shared.store.roll_back()?;
        Ok(Value::Undefined)
    };
    host.add_function(["ОтменитьТранзакцию", "RollbackTransaction"], Rc::new(roll_back));
    let shared = world.clone();
    let is_active =
        move |_: &mut Machine, _: &mut crate::Arguments<'_>| Ok(shared.store.is_in_transaction().into());
    host.add_function(["ТранзакцияАктивна", "TransactionActive"], Rc::new(is_active));
    let shared = world.clone();
    let predefined = move |_: &mut Machine, arguments: &mut crate::Arguments<'_>| {
        arguments.expect(1, 1)?;
        let name = arguments.text(0)?;
        let path: Vec<String> =
            name.split('.').map(|part| base::fold_case(part.trim()).to_string()).collect();
        let found = shared.constant(&path);
        found.ok_or_else(|| Failure::runtime(format!("Предопределенное значение не найдено \"{name}\"")))
    };
    host.add_function(["ПредопределенноеЗначение", "PredefinedValue"], Rc::new(predefined));
}
