namespace UsageBilling.Sandbox.Autotask;

/// <summary>Requests in flight per integration code and object endpoint.</summary>
internal sealed class ThreadSeats(int seatsMax)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Code, string Endpoint), int> taken = [];

    public int SeatsMax { get; } = seatsMax;

    /// <summary>A seat to give back, or null when all are taken.</summary>
    public IDisposable? Take(string code, string endpoint)
    {
        lock (gate)
        {
            var used = taken.GetValueOrDefault((code, endpoint));
            if (used >= SeatsMax)
                return null;
            taken[(code, endpoint)] = used + 1;
            return new Seat(this, (code, endpoint));
        }
    }

    private void GiveBack((string Code, string Endpoint) at)
    {
        lock (gate)
            taken[at]--;
    }

    private sealed class Seat(ThreadSeats seats, (string Code, string Endpoint) at) : IDisposable
    {
        private bool given;

        public void Dispose()
        {
            if (given)
                return;
            given = true;
            seats.GiveBack(at);
        }
    }
}
