"""The operations of the test server, each as Microsoft's page describes it: learn.microsoft.com/exchange/client-developer/web-service-reference/."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.servers.ews_store import FolderEntry, Item, Store

M = "{http://schemas.microsoft.com/exchange/services/2006/messages}"
T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
ZULU = "%Y-%m-%dT%H:%M:%SZ"


class Refusal(Exception):
    """A response message with ResponseClass="Error"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SoapFault(Exception):
    """The whole request is refused."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Quirks:
    """What other servers do."""

    one_parent: bool = False  # several ParentFolderIds are a fault
    ignore_paging: bool = False
    full_items: bool = False
    keep_draft: bool = False
    no_copy: bool = False
    lose_message_id: bool = False  # CreateItem gives its own, unless the property is set
    no_message_id: bool = False  # FindItem does not tell InternetMessageId and passes over restrictions
    find_limit: int = 1000
    gzip: bool = False
    read_only: bool = False
    refuse: str = ""  # the code with which SendItem refuses
    versions: tuple[str, ...] = ()


class Operations:
    """Does what is asked on the mailboxes that the caller may open."""

    def __init__(self, stores: dict[str, Store], quirks: Quirks) -> None:
        self.stores, self.quirks = stores, quirks
        self.allowed: dict[str, set[str]] = {}  # caller → addresses; a caller who is not named may open all but the closed ones
        self.closed: set[str] = set()

    def run(self, operation: str, request: Any, caller: str, acting_as: str) -> Iterator[str]:
        """The response messages' XML, one by one. Raises SoapFault."""
        self.caller, self.acting_as = caller, acting_as
        if acting_as and not self._may(acting_as):
            raise SoapFault("ErrorImpersonateUserDenied")
        method = getattr(self, f"_{operation.lower()}", None)
        if method is None:
            raise SoapFault("ErrorInvalidRequest")
        for part in method(request):
            try:
                yield self._message(operation, part())
            except Refusal as refusal:
                yield self._refusal(operation, refusal.code)

    def _may(self, address: str) -> bool:
        allowed = self.allowed.get(self.caller)
        return address in self.stores and address not in self.closed and (allowed is None or address in allowed)

    @staticmethod
    def _message(operation: str, inside: str) -> str:
        return f'<m:{operation}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>{inside}</m:{operation}ResponseMessage>'

    @staticmethod
    def _refusal(operation: str, code: str) -> str:
        text = (
            f"<m:MessageText>{code}.</m:MessageText><m:ResponseCode>{code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
        )
        return f'<m:{operation}ResponseMessage ResponseClass="Error">{text}</m:{operation}ResponseMessage>'

    # Finding what is meant.

    def _folder(self, ref: Any) -> tuple[Store, FolderEntry]:
        if ref.tag == f"{T}DistinguishedFolderId":
            stated = ref.findtext(f"{T}Mailbox/{T}EmailAddress") or self.acting_as
            if not self._may(stated):
                raise Refusal("ErrorItemNotFound" if stated in self.stores else "ErrorNonExistentMailbox")
            store = self.stores[stated]
            try:
                return store, store.standard(ref.get("Id"))
            except StopIteration:
                raise Refusal("ErrorFolderNotFound") from None
        for store in self.stores.values():
            if ref.get("Id") in store.folders and self._may(store.address):
                return store, store.folders[ref.get("Id")]
        raise Refusal("ErrorFolderNotFound")

    def _item(self, ref: Any) -> tuple[Store, Item]:
        id = ref.get("Id", "")
        if not id.startswith("AAMk"):
            raise Refusal("ErrorInvalidIdMalformed")
        for store in self.stores.values():
            if id in store.items and self._may(store.address):
                return store, store.items[id]
        raise Refusal("ErrorItemNotFound")

    # Folders.

    def _getfolder(self, request: Any) -> Iterator[Any]:
        """getfolder-operation: "gets folders from the Exchange store"."""
        for ref in request.find(f"{M}FolderIds"):
            yield lambda ref=ref: f"<m:Folders>{self._folder_xml(*self._folder(ref))}</m:Folders>"

    def _folder_xml(self, store: Store, entry: FolderEntry) -> str:
        held = sum(item.folder == entry.id for item in store.items.values())
        may = "false" if self.quirks.read_only else "true"
        rights = "".join(f"<t:{n}>{may}</t:{n}>" for n in ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify"))
        return (
            f'<t:Folder><t:FolderId Id={quoteattr(entry.id)} ChangeKey="AQAAAA"/><t:DisplayName>{escape(entry.name)}</t:DisplayName>'
            f"<t:TotalCount>{held}</t:TotalCount><t:EffectiveRights>{rights}<t:Read>true</t:Read></t:EffectiveRights></t:Folder>"
        )

    def _findfolder(self, request: Any) -> Iterator[Any]:
        """findfolder-operation: "finds subfolders of an identified folder and returns a set of properties that describe the set of subfolders"."""
        parents = list(request.find(f"{M}ParentFolderIds"))
        if self.quirks.one_parent and len(parents) > 1:
            raise SoapFault("ErrorInvalidRequest")
        for ref in parents:
            yield lambda ref=ref: self._subfolders(request, ref)

    def _subfolders(self, request: Any, ref: Any) -> str:
        store, entry = self._folder(ref)
        page, attributes = self._page(request.find(f"{M}IndexedPageFolderView"), store.below(entry.id), 1000)
        inside = "".join(self._folder_xml(store, one) for one in page)
        return f"<m:RootFolder {attributes}><t:Folders>{inside}</t:Folders></m:RootFolder>"

    def _createfolder(self, request: Any) -> Iterator[Any]:
        """createfolder-operation: "creates folders, calendar folders, contacts folders, tasks folders, and search folders"."""
        (parent,) = request.find(f"{M}ParentFolderId")
        for one in request.find(f"{M}Folders"):
            yield lambda one=one: self._create_folder(parent, one.findtext(f"{T}DisplayName"))

    def _create_folder(self, parent: Any, name: str) -> str:
        store, entry = self._folder(parent)
        if any(other.name == name for other in store.below(entry.id)):
            raise Refusal("ErrorFolderExists")
        return f"<m:Folders>{self._folder_xml(store, store.add_folder(name, entry.id))}</m:Folders>"

    # Lists.

    def _page(self, view: Any, entries: list[Any], limit: int) -> tuple[list[Any], str]:
        """indexedpageitemview and rootfolder-finditemresponsemessage."""
        size, offset = (len(entries), 0) if view is None else (int(view.get("MaxEntriesReturned")), int(view.get("Offset")))
        if self.quirks.ignore_paging:
            size, offset = len(entries), 0
        page = entries[offset : offset + min(size, limit)]
        following = offset + len(page)
        last = str(following >= len(entries)).lower()
        return page, f'IndexedPagingOffset="{following}" TotalItemsInView="{len(entries)}" IncludesLastItemInRange="{last}"'

    def _finditem(self, request: Any) -> Iterator[Any]:
        """finditem-operation: "identifies items that are located in a specified folder"; several parents give a message each."""
        parents = list(request.find(f"{M}ParentFolderIds"))
        if self.quirks.one_parent and len(parents) > 1:
            raise SoapFault("ErrorInvalidRequest")
        for ref in parents:
            yield lambda ref=ref: self._find_items(request, ref)

    def _find_items(self, request: Any, ref: Any) -> str:
        store, entry = self._folder(ref)
        items = store.within(entry.id)
        restriction = request.find(f"{M}Restriction")
        if restriction is not None and not self.quirks.no_message_id:
            wanted = restriction.find(f"{T}IsEqualTo/{T}FieldURIOrConstant/{T}Constant").get("Value")
            items = [item for item in items if item.message_id == wanted]
        order = request.find(f"{M}SortOrder/{T}FieldOrder")
        if order is not None and order.get("Order") == "Descending":
            items.reverse()
        page, attributes = self._page(request.find(f"{M}IndexedPageItemView"), items, self.quirks.find_limit)
        wanted = self._wanted(request.find(f"{M}ItemShape"))
        if self.quirks.no_message_id:
            wanted.discard("message:InternetMessageId")
        inside = "".join(self._item_xml(item, wanted | ({"mime"} if self.quirks.full_items else set())) for item in page)
        return f"<m:RootFolder {attributes}><t:Items>{inside}</t:Items></m:RootFolder>"

    @staticmethod
    def _wanted(shape: Any) -> set[str]:
        wanted = {one.get("FieldURI") for one in shape.iter(f"{T}FieldURI")}
        if shape.findtext(f"{T}BaseShape") != "IdOnly":
            wanted |= {"item:DateTimeReceived", "item:Size", "message:InternetMessageId", "item:Subject"}
        return wanted | ({"mime"} if shape.findtext(f"{T}IncludeMimeContent") == "true" else set())

    @staticmethod
    def _item_xml(item: Item, wanted: set[str]) -> str:
        out = [f"<t:{item.tag}>"]
        if "mime" in wanted or "item:MimeContent" in wanted:
            out.append(f'<t:MimeContent CharacterSet="UTF-8">{item.encoded()}</t:MimeContent>')
        out.append(f'<t:ItemId Id="{item.id}" ChangeKey="{item.key}"/>')
        if "item:ParentFolderId" in wanted:
            out.append(f'<t:ParentFolderId Id="{item.folder}" ChangeKey="AQAAAA"/>')
        if "item:Subject" in wanted:
            out.append(f"<t:Subject>{escape(item.message_id)}</t:Subject>")
        if "item:DateTimeReceived" in wanted:
            out.append(f"<t:DateTimeReceived>{item.received.strftime(ZULU)}</t:DateTimeReceived>")
        if "item:Size" in wanted:
            out.append(f"<t:Size>{len(item.raw) + 2000}</t:Size>")
        if "message:InternetMessageId" in wanted and item.message_id:
            out.append(f"<t:InternetMessageId>{escape(item.message_id)}</t:InternetMessageId>")
        return "".join([*out, f"</t:{item.tag}>"])

    def _syncfolderitems(self, request: Any) -> Iterator[Any]:
        """syncfolderitems-operation: "synchronizes items between the Exchange server and the client"."""
        yield lambda: self._sync(request)

    def _sync(self, request: Any) -> str:
        (ref,) = request.find(f"{M}SyncFolderId")
        store, entry = self._folder(ref)
        stated = request.findtext(f"{M}SyncState") or "0"
        if not stated.isdecimal() or int(stated) > len(store.changes):
            raise Refusal("ErrorInvalidSyncStateData")
        most, out, at = int(request.findtext(f"{M}MaxChangesReturned")), [], int(stated)
        while at < len(store.changes) and len(out) < most:
            folder, what, id = store.changes[at]
            at += 1
            if folder != entry.id or (what == "Create") != (id in store.items and store.items[id].folder == folder):
                continue
            body = self._item_xml(store.items[id], set()) if what == "Create" else f'<t:ItemId Id="{id}" ChangeKey="CQAA1"/>'
            out.append(f"<t:{what}>{body}</t:{what}>")
        last = str(at >= len(store.changes)).lower()
        return f"<m:SyncState>{at}</m:SyncState><m:IncludesLastItemInRange>{last}</m:IncludesLastItemInRange><m:Changes>{''.join(out)}</m:Changes>"

    # Items.

    def _getitem(self, request: Any) -> Iterator[Any]:
        """getitem-operation: "used to get items from the Exchange store"."""
        wanted = self._wanted(request.find(f"{M}ItemShape"))
        for ref in request.find(f"{M}ItemIds"):
            yield lambda ref=ref: self._get_item(ref, wanted)

    def _get_item(self, ref: Any, wanted: set[str]) -> str:
        _, item = self._item(ref)
        if item.broken == "error":
            raise Refusal("ErrorInternalServerError")
        if item.broken == "corrupt":
            raise Refusal("ErrorCorruptData")
        if item.broken == "xml":
            return f"<m:Items>{self._item_xml(item, wanted)}<t:Subject>a < b</t:Subject></m:Items>"
        return f"<m:Items>{self._item_xml(item, wanted)}</m:Items>"

    def _createitem(self, request: Any) -> Iterator[Any]:
        """createitem-operation-email-message: "SaveOnly: the e-mail message item is saved in the folder that is specified"."""
        assert request.get("MessageDisposition") == "SaveOnly"
        (folder,) = request.find(f"{M}SavedItemFolderId")
        for one in request.find(f"{M}Items"):
            yield lambda one=one: self._create_item(folder, one)

    def _create_item(self, folder: Any, one: Any) -> str:
        store, entry = self._folder(folder)
        raw = base64.b64decode(one.findtext(f"{T}MimeContent") or "")
        if b"@refused.example" in raw[:4000]:
            raise Refusal("ErrorInvalidRecipients")
        item = store.add(entry.id, raw)
        for extra in one.findall(f"{T}ExtendedProperty"):
            item.properties[extra.find(f"{T}ExtendedFieldURI").get("PropertyTag")] = extra.findtext(f"{T}Value")
        if self.quirks.lose_message_id:
            item.message_id = f"<{item.id}@server.example>"
        item.message_id = item.properties.get("0x1035", item.message_id)
        return f'<m:Items><t:Message><t:ItemId Id="{item.id}" ChangeKey="{item.key}"/></t:Message></m:Items>'

    def _senditem(self, request: Any) -> Iterator[Any]:
        """senditem-operation: "sends e-mail messages that are located in the Exchange store"; the change key must be named."""
        folder = next(iter(request.find(f"{M}SavedItemFolderId")), None) if request.get("SaveItemToFolder") == "true" else None
        for ref in request.find(f"{M}ItemIds"):
            yield lambda ref=ref: self._send_item(ref, folder)

    def _send_item(self, ref: Any, folder: Any) -> str:
        store, item = self._item(ref)
        if not ref.get("ChangeKey"):
            raise Refusal("ErrorChangeKeyRequired")
        if self.quirks.refuse:
            raise Refusal(self.quirks.refuse)
        store.outgoing.append(item.raw)
        if not self.quirks.no_copy and folder is not None:
            copy = store.add(self._folder(folder)[1].id, item.raw)
            copy.message_id, copy.properties = item.message_id, item.properties
        if not self.quirks.keep_draft:
            store.remove(item)
        return ""

    def _moveitem(self, request: Any) -> Iterator[Any]:
        """moveitem-operation: "used to move one or more items to a single destination folder"; the answer holds the new ids."""
        (target,) = request.find(f"{M}ToFolderId")
        for ref in request.find(f"{M}ItemIds"):
            yield lambda ref=ref: self._move_item(ref, target)

    def _move_item(self, ref: Any, target: Any) -> str:
        store, item = self._item(ref)
        try:
            entry = self._folder(target)[1]
        except Refusal:
            raise Refusal("ErrorToFolderNotFound") from None
        moved = store.move(item, entry.id)
        return f'<m:Items><t:Message><t:ItemId Id="{moved.id}" ChangeKey="{moved.key}"/></t:Message></m:Items>'

    def _deleteitem(self, request: Any) -> Iterator[Any]:
        """deleteitem-operation: "HardDelete: the item is permanently removed", "MoveToDeletedItems"."""
        for ref in request.find(f"{M}ItemIds"):
            yield lambda ref=ref: self._delete_item(ref, request.get("DeleteType"))

    def _delete_item(self, ref: Any, how: str) -> str:
        store, item = self._item(ref)
        deleted = store.standard("deleteditems").id
        if how == "MoveToDeletedItems" and item.folder != deleted:
            store.move(item, deleted)
        else:
            store.remove(item)
        return ""
