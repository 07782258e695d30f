using System;
using System.Collections.Generic;
using System.Linq;

namespace Boathouse
{
    public sealed class Rental
    {
        public string Boat { get; }
        public DateTime Start { get; }
        public TimeSpan Length { get; }

        public Rental(string boat, DateTime start, TimeSpan length)
        {
            Boat = boat;
            Start = start;
            Length = length;
        }

        public bool Overlaps(Rental other)
        {
            return Boat == other.Boat && Start < other.Start + other.Length && other.Start < Start + Length;
        }
    }

    public class Ledger
    {
        private readonly List<Rental> rentals = new List<Rental>();
        private readonly decimal pricePerHour;

        public Ledger(decimal pricePerHour)
        {
            this.pricePerHour = pricePerHour;
        }

        public void Add(Rental rental)
        {
            if (rentals.Any(existing => existing.Overlaps(rental)))
            {
                throw new InvalidOperationException($"{rental.Boat} is taken at {rental.Start}");
            }
            rentals.Add(rental);
        }

        public decimal Income()
        {
            decimal total = 0;
            foreach (Rental rental in rentals)
            {
                total += (decimal)rental.Length.TotalHours * pricePerHour;
            }
            return total;
        }

        public IEnumerable<string> Boats()
        {
            return rentals.Select(rental => rental.Boat).Distinct().OrderBy(name => name);
        }
    }
}
