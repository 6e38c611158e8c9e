namespace UsageBilling.Sandbox.Bms.Access;

/// <summary>Somebody who can sign in to a tenant.</summary>
/// <param name="MfaCode">The one code that is right, for ever; null for an API employee, whom a tenant's rule about second factors does not reach.</param>
/// <param name="HasApiAccess">Whether the user's role has "Has API Access".</param>
internal sealed record BmsUser(int Id, string UserName, string Password, string FullName, string? MfaCode, bool HasApiAccess);

/// <summary>A company of the vendor, by the name people sign in with.</summary>
internal sealed record BmsTenant(int Id, string Name, IReadOnlyList<BmsUser> Users)
{
    public BmsUser? User(int? id) => Users.FirstOrDefault(user => user.Id == id);
}
