using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Control;

/// <summary>Requests per endpoint since the start: how many came, how many were turned away, how many were there at once. It shows whether a client keeps a vendor's limits.</summary>
internal sealed class Traffic
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Count> counts = new(StringComparer.Ordinal);

    /// <param name="endpoint">Null for a request that no limit counts.</param>
    public Visit Enter(string? endpoint)
    {
        if (endpoint is null)
            return new Visit(this, new Count());
        lock (gate)
        {
            if (!counts.TryGetValue(endpoint, out var count))
                counts[endpoint] = count = new Count();
            count.Requests++;
            count.AtOnceMost = Math.Max(count.AtOnceMost, ++count.Inside);
            return new Visit(this, count);
        }
    }

    public JsonObject ToJson()
    {
        lock (gate)
        {
            return new JsonObject(counts.Select(count => KeyValuePair.Create<string, JsonNode?>(count.Key, new JsonObject
            {
                ["requests"] = count.Value.Requests,
                ["turned_away"] = count.Value.TurnedAway,
                ["at_once_most"] = count.Value.AtOnceMost,
            })));
        }
    }

    internal sealed class Count
    {
        public int Requests { get; set; }

        public int TurnedAway { get; set; }

        public int Inside { get; set; }

        public int AtOnceMost { get; set; }
    }

    /// <summary>A request on its way through the vendor.</summary>
    internal sealed class Visit(Traffic traffic, Count count) : IDisposable
    {
        private bool left;

        public void TurnedAway()
        {
            lock (traffic.gate)
                count.TurnedAway++;
        }

        public void Dispose()
        {
            lock (traffic.gate)
            {
                if (left)
                    return;
                left = true;
                count.Inside--;
            }
        }
    }
}
