using System.Globalization;
using Npgsql;
using UsageBilling.Api.Database;

namespace UsageBilling.Api.Versions;

/// <summary>From where a resource is read: by the address of the request, and by one connection when it is about to be changed there.</summary>
/// <param name="Connection">Whose transaction is about the msp; null while nothing is to be changed.</param>
internal sealed record Sight(MspDatabase Database, HttpContext Request, NpgsqlConnection Connection)
{
    public long Id => Number("id");

    public long Number(string name) => long.Parse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public string Text(string name) => (string)Request.GetRouteValue(name)!;
}

/// <summary>A resource that can be changed only as long as it is what somebody saw.</summary>
/// <param name="Lock">The statement that keeps everybody else from changing it.</param>
/// <param name="Named">What that takes besides the msp.</param>
/// <param name="Read">The resource as its GET answers it; null when there is none.</param>
/// <param name="Shown">Its type.</param>
internal sealed record Versioned(string Lock, Func<Sight, object?[]> Named, Func<Sight, CancellationToken, Task<object?>> Read, Type Shown)
{
    /// <summary>One that the address names by its id.</summary>
    public static Versioned ById<T>(string locked, Func<MspDatabase, long, CancellationToken, Task<T?>> read)
        where T : class => new(locked, sight => [sight.Id], async (sight, cancellation) => await read(sight.Database, sight.Id, cancellation), typeof(T));

    /// <summary>One that is the msp's, or changes while nothing else of the msp does.</summary>
    public static Versioned OfMsp<T>(Func<Sight, CancellationToken, Task<T?>> read)
        where T : class => new("Versions/lock_msp", _ => [], async (sight, cancellation) => await read(sight, cancellation), typeof(T));

    /// <summary>One that belongs to an integration.</summary>
    public static Versioned OfIntegration<T>(Func<Sight, CancellationToken, Task<T?>> read)
        where T : class => new("Versions/lock_integration", sight => [sight.Id], async (sight, cancellation) => await read(sight, cancellation), typeof(T));
}

/// <summary>Marks a route that answers with a tag.</summary>
internal sealed class TaggedRoute;

/// <summary>Marks a route that changes one resource.</summary>
/// <param name="Required">Whether it takes the place of all that was there, so that the request must say what that was.</param>
internal sealed record ConditionalRoute(Versioned Of, bool Required);
