import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Dialog.module.css';

export interface DialogProps {
  title: string;
  shown: boolean;
  onClose: () => void;
  /** Any CSS width. */
  width?: string;
  children: ReactNode;
}

/** A question that must be answered, or a sheet that covers the view; Esc closes it. */
export function Dialog({ title, shown, onClose, width = '460px', children }: DialogProps) {
  return (
    <Modal.Root
      opened={shown}
      onClose={onClose}
      size={width}
      centered
      // Locking the page's scroll needs an inline <style>; the page itself never scrolls.
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      classNames={{
        overlay: classes.overlay ?? '',
        content: classes.content ?? '',
        title: classes.title ?? '',
        body: classes.body ?? '',
      }}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Modal.Header is a <header>, which counts as a second banner of the page. */}
        <div className={classes.header}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The verbs at the end of a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={classes.actions}>{children}</div>;
}
