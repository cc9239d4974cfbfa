"""What an administrator types to mend what `ivobot check` found: lines for the Exchange Management Shell.

Source: learn.microsoft.com/powershell/module/exchange (Add-MailboxPermission, Add-ADPermission, Add-RecipientPermission,
Remove-MailboxPermission, New-ManagementScope, New-ManagementRoleAssignment) and …/exchange-web-services/how-to-configure-impersonation.
"""

from typing import Final

from bot.mailbox.ews_http import Connection

ONLINE: Final = ("outlook.office365.com", "outlook.office.com", "outlook.office365.us", "partner.outlook.cn")


def account(connection: Connection) -> str:
    """Whom the rights are given to, as PowerShell takes it."""
    return f'"{connection.user}"' if connection.user else '"DOMAIN\\ivobot"'


def reading(connection: Connection) -> str:
    """The right to open the mailbox."""
    if connection.access == "impersonation":
        return impersonation(connection)
    whom = f'-Identity "{connection.address}" -User {account(connection)}'
    return f"in the Exchange Management Shell:\n    Add-MailboxPermission {whom} -AccessRights FullAccess -AutoMapping $false"


def sending(connection: Connection) -> str:
    """The right to send as the mailbox; in Exchange Online it is Add-RecipientPermission."""
    if connection.access == "impersonation":
        return impersonation(connection)
    return (
        "in the Exchange Management Shell:\n"
        f'    Get-Mailbox "{connection.address}" | Add-ADPermission -User {account(connection)} -ExtendedRights "Send As"\n'
        "  in Exchange Online PowerShell:\n"
        f'    Add-RecipientPermission -Identity "{connection.address}" -Trustee {account(connection)} -AccessRights SendAs'
    )


def impersonation(connection: Connection) -> str:
    """The right to act as this mailbox and no other."""
    return (
        "in the Exchange Management Shell:\n"
        f"    New-ManagementScope -Name ivobot -RecipientRestrictionFilter \"PrimarySmtpAddress -eq '{connection.address}'\"\n"
        "    New-ManagementRoleAssignment -Name ivobot -Role ApplicationImpersonation "
        f"-User {account(connection)} -CustomRecipientWriteScope ivobot"
    )


def closing(connection: Connection) -> str:
    """How to take the right to read another mailbox away."""
    if connection.access == "impersonation":
        return (
            "the role is given without a scope; in the Exchange Management Shell:\n"
            f"    New-ManagementScope -Name ivobot -RecipientRestrictionFilter \"PrimarySmtpAddress -eq '{connection.address}'\"\n"
            f"    Get-ManagementRoleAssignment -RoleAssignee {account(connection)} -Role ApplicationImpersonation | "
            "Set-ManagementRoleAssignment -CustomRecipientWriteScope ivobot"
        )
    return (
        "in the Exchange Management Shell:\n"
        f'    Remove-MailboxPermission -Identity "{connection.must_not_read}" -User {account(connection)} -AccessRights FullAccess\n'
        f'    Get-MailboxPermission -Identity "{connection.must_not_read}" -User {account(connection)}'
    )


def graph(connection: Connection) -> str:
    """From EWS to Graph."""
    return (
        'use kind = "graph" (docs/mailbox-graph.md); until then, in Exchange Online PowerShell:\n'
        "    Get-OrganizationConfig | Format-List EwsEnabled, EwsApplicationAccessPolicy, EwsAllowList\n"
        f'    Get-CASMailbox "{connection.address}" | Format-List EwsEnabled'
    )


def secret(connection: Connection) -> str:
    """A new certificate for the application."""
    return (
        "in Microsoft Graph PowerShell, then put its PEM file where [mailbox] certificate points:\n"
        "    New-SelfSignedCertificate -Subject CN=ivobot -CertStoreLocation Cert:\\CurrentUser\\My -NotAfter (Get-Date).AddYears(1)\n"
        "    Update-MgApplication -ApplicationId <object id of the application> -KeyCredentials <the new certificate>"
    )


def clock() -> str:
    """Set the clock."""
    return "on this machine, in an elevated PowerShell: w32tm /resync (on Linux: timedatectl set-ntp true)"
