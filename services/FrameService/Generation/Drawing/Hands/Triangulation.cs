using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>Delaunay triangulation of points in the unit square, by insertion from left to right (Bowyer and Watson, with finished triangles set aside).</summary>
internal static class Triangulation
{
    public static List<(int A, int B, int C)> Of(List<SKPoint> points)
    {
        points.Sort((p, q) => p.X != q.X ? p.X.CompareTo(q.X) : p.Y.CompareTo(q.Y));
        var count = points.Count;
        List<SKPoint> all = [.. points, new(-20, -10), new(21, -10), new(0.5f, 30)];
        var open = new List<Circle> { Circle.Of(all, count, count + 1, count + 2) };
        var closed = new List<Circle>();
        var edges = new Dictionary<(int, int), int>();
        for (var i = 0; i < count; i++)
        {
            edges.Clear();
            for (var t = open.Count - 1; t >= 0; t--)
            {
                var circle = open[t];
                var dx = all[i].X - circle.X;
                if (dx > 0 && dx * dx > circle.Squared)
                {
                    closed.Add(circle);
                    Remove(open, t);
                }
                else if ((dx * dx) + ((all[i].Y - circle.Y) * (all[i].Y - circle.Y)) <= circle.Squared)
                {
                    Edge(circle.A, circle.B);
                    Edge(circle.B, circle.C);
                    Edge(circle.C, circle.A);
                    Remove(open, t);
                }
            }

            foreach (var ((a, b), times) in edges)
            {
                if (times == 1) open.Add(Circle.Of(all, a, b, i));
            }
        }

        return [.. closed.Concat(open).Where(t => t.A < count && t.B < count && t.C < count).Select(t => (t.A, t.B, t.C))];

        void Edge(int a, int b)
        {
            var edge = a < b ? (a, b) : (b, a);
            edges[edge] = edges.GetValueOrDefault(edge) + 1;
        }
    }

    private static void Remove(List<Circle> open, int at)
    {
        open[at] = open[^1];
        open.RemoveAt(open.Count - 1);
    }

    private readonly record struct Circle(int A, int B, int C, double X, double Y, double Squared)
    {
        public static Circle Of(List<SKPoint> p, int a, int b, int c)
        {
            double ax = p[a].X, ay = p[a].Y, bx = p[b].X - ax, by = p[b].Y - ay, cx = p[c].X - ax, cy = p[c].Y - ay;
            var d = 2 * ((bx * cy) - (by * cx));
            if (Math.Abs(d) < 1e-14) return new(a, b, c, ax, ay, double.MaxValue);
            var x = ((cy * ((bx * bx) + (by * by))) - (by * ((cx * cx) + (cy * cy)))) / d;
            var y = ((bx * ((cx * cx) + (cy * cy))) - (cx * ((bx * bx) + (by * by)))) / d;
            return new(a, b, c, ax + x, ay + y, (x * x) + (y * y));
        }
    }
}
