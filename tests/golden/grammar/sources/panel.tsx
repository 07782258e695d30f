import React, { useEffect, useState } from 'react';

type Props = {
  title: string;
  items: ReadonlyArray<{ id: number; label: string }>;
  onPick?: (id: number) => void;
};

const styles: Record<string, React.CSSProperties> = {
  list: { margin: 0, padding: '4px' },
};

function Row({ label, active }: { label: string; active: boolean }) {
  return (
    <li className={active ? 'row active' : 'row'}>
      <b>{label}</b>
      <i>row</i>
    </li>
  );
}

export function Panel({ title, items, onPick }: Props): JSX.Element {
  const [picked, setPicked] = useState<number | null>(null);
  const [filter, setFilter] = useState('');

  useEffect(() => {
    if (picked !== null) {
      onPick?.(picked);
    }
    return () => setFilter('');
  }, [picked, onPick]);

  const shown = items.filter((item) => item.label.includes(filter));
  if (shown.length === 0) {
    return <p style={styles.list}>Nothing here.</p>;
  }
  return (
    <section>
      <h2>{title}</h2>
      <input
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
        placeholder="filter"
      />
      <ul style={styles.list}>
        {shown.map(({ id, label }) => (
          <div key={id} onClick={() => setPicked(id)}>
            <Row label={label} active={id === picked} />
          </div>
        ))}
      </ul>
      {picked === null ? <span>pick one</span> : <Footer id={picked} />}
    </section>
  );
}

const Footer = (props: { id: number }) => {
  const text = `item ${props.id}`;
  return <footer data-id={props.id}>{text}</footer>;
};

export default Panel;
