//! Methods that make the client wait, with the asynchronous methods that replace them.

use syntax::NodeId;

use crate::argument_list::global_callee;
use crate::calls::PlatformName;
use crate::context::Context;

#[derive(Clone, Copy)]
pub(crate) struct SynchronousMethod {
    name: PlatformName,
    replacement: PlatformName,
}

const fn method(
    ru: &'static str,
    en: &'static str,
    new_ru: &'static str,
    new_en: &'static str,
) -> SynchronousMethod {
    SynchronousMethod { name: PlatformName::new(ru, en), replacement: PlatformName::new(new_ru, new_en) }
}

/// Methods that open a window and wait for the user.
pub(crate) const MODAL_METHODS: [SynchronousMethod; 12] = [
    method("Вопрос", "DoQueryBox", "ПоказатьВопрос", "ShowQueryBox"),
    method("ОткрытьФормуМодально", "OpenFormModal", "ОткрытьФорму", "OpenForm"),
    method("ОткрытьЗначение", "OpenValue", "ПоказатьЗначение", "ShowValue"),
    method("Предупреждение", "DoMessageBox", "ПоказатьПредупреждение", "ShowMessageBox"),
    method("ВвестиДату", "InputDate", "ПоказатьВводДаты", "ShowInputDate"),
    method("ВвестиЗначение", "InputValue", "ПоказатьВводЗначения", "ShowInputValue"),
    method("ВвестиСтроку", "InputString", "ПоказатьВводСтроки", "ShowInputString"),
    method("ВвестиЧисло", "InputNumber", "ПоказатьВводЧисла", "ShowInputNumber"),
    method(
        "УстановитьВнешнююКомпоненту",
        "InstallAddIn",
        "НачатьУстановкуВнешнейКомпоненты",
        "BeginInstallAddIn",
    ),
    method(
        "УстановитьРасширениеРаботыСФайлами",
        "InstallFileSystemExtension",
        "НачатьУстановкуРасширенияРаботыСФайлами",
        "BeginInstallFileSystemExtension",
    ),
    method(
        "УстановитьРасширениеРаботыСКриптографией",
        "InstallCryptoExtension",
        "НачатьУстановкуРасширенияРаботыСКриптографией",
        "BeginInstallCryptoExtension",
    ),
    method("ПоместитьФайл", "PutFile", "НачатьПомещениеФайла", "BeginPutFile"),
];

/// Methods of extensions and add-ins.
pub(crate) const EXTENSION_METHODS: [SynchronousMethod; 14] = [
    method(
        "ПодключитьРасширениеРаботыСКриптографией",
        "AttachCryptoExtension",
        "НачатьПодключениеРасширенияРаботыСКриптографией",
        "BeginAttachingCryptoExtension",
    ),
    method(
        "ПодключитьРасширениеРаботыСФайлами",
        "AttachFileSystemExtension",
        "НачатьПодключениеРасширенияРаботыСФайлами",
        "BeginAttachingFileSystemExtension",
    ),
    method("КопироватьФайл", "FileCopy", "НачатьКопированиеФайла", "BeginCopyingFile"),
    method("ПереместитьФайл", "MoveFile", "НачатьПеремещениеФайла", "BeginMovingFile"),
    method("НайтиФайлы", "FindFiles", "НачатьПоискФайлов", "BeginFindingFiles"),
    method("УдалитьФайлы", "DeleteFiles", "НачатьУдалениеФайлов", "BeginDeletingFiles"),
    method("СоздатьКаталог", "CreateDirectory", "НачатьСозданиеКаталога", "BeginCreatingDirectory"),
    method(
        "КаталогВременныхФайлов",
        "TempFilesDir",
        "НачатьПолучениеКаталогаВременныхФайлов",
        "BeginGettingTempFilesDir",
    ),
    method(
        "КаталогДокументов",
        "DocumentsDir",
        "НачатьПолучениеКаталогаДокументов",
        "BeginGettingDocumentsDir",
    ),
    method(
        "РабочийКаталогДанныхПользователя",
        "UserDataWorkDir",
        "НачатьПолучениеРабочегоКаталогаДанныхПользователя",
        "BeginGettingUserDataWorkDir",
    ),
    method("ПолучитьФайлы", "GetFiles", "НачатьПолучениеФайлов", "BeginGettingFiles"),
    method("ПоместитьФайлы", "PutFiles", "НачатьПомещениеФайлов", "BeginPuttingFiles"),
    method(
        "ЗапроситьРазрешениеПользователя",
        "RequestUserPermission",
        "НачатьЗапросРазрешенияПользователя",
        "BeginRequestingUserPermission",
    ),
    method("ЗапуститьПриложение", "RunApp", "НачатьЗапускПриложения", "BeginRunningApplication"),
];

/// The called name and its replacement, if a node is a global call of one of these methods.
pub(crate) fn synchronous_call<'a>(
    ctx: &Context<'a>,
    call: NodeId,
    methods: &[SynchronousMethod],
) -> Option<(&'a str, &'static str)> {
    let callee = global_callee(ctx.source.tree, call)?;
    let name = ctx.source.node_text(callee);
    let method = methods.iter().find(|method| method.name.is(name))?;
    Some((name, method.replacement.in_language_of(name)))
}
