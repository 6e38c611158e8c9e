using Npgsql;
using UsageBilling.Runtime.Billing;

namespace UsageBilling.Runtime.Isolation;

/// <summary>The roles of PostgreSQL that the programs of a hub work as, whatever login they connect with. Known once the schema is up to date.</summary>
/// <param name="Api">Is shown the rows of one msp at a time: of the one that <see cref="MspScope"/> names.</param>
/// <param name="Silo">Is shown the rows of every msp. Like the api's it owns nothing, and cannot rewrite the books.</param>
public sealed record HubRoles(string Api, string Silo)
{
    /// <summary>Asks the database.</summary>
    /// <exception cref="PostgresException">Its schema is older than the roles.</exception>
    public static async Task<HubRoles> Read(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.One("Isolation/roles", _ => { }, row => new HubRoles(row.GetString(0), row.GetString(1)), cancellation);
    }

    /// <summary>Lets every connection of a pool work as one of the roles, from its first statement to its last.</summary>
    /// <param name="settings">May have options of its own.</param>
    /// <param name="role">Which of them.</param>
    public static NpgsqlConnectionStringBuilder WorkingAs(NpgsqlConnectionStringBuilder settings, string role)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(role);
        var escaped = role.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);
        settings.Options = $"{settings.Options} -c role={escaped}".TrimStart();
        // What the driver sends to tidy a connection up ends with the login's own role. There is nothing to tidy: whatever these pools set ends with its transaction
        settings.NoResetOnClose = true;
        return settings;
    }
}
