using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace UsageBilling.Runtime.Secrets;

/// <summary>The Data Protection key ring in PostgreSQL, so that every silo and the api can read the same secrets.</summary>
/// <param name="sealing">Whether new keys are sealed: then open ones only read.</param>
internal sealed class KeyRing(NpgsqlDataSource database, bool sealing) : IXmlRepository
{
    /// <summary>The library protects with keys that are active by now, an older one first, and reads with all of them.</summary>
    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand(SqlText.Load("Secrets/keys"));
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read()) keys.Add(Shown(XElement.Parse(reader.GetString(0))));
        return keys;
    }

    private XElement Shown(XElement key)
    {
        if (sealing && key.Name == "key" && SealedKey.FileOf(key) is null) key.SetElementValue("activationDate", Never);
        return key;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.CreateCommand(SqlText.Load("Secrets/add_key"));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = friendlyName });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
